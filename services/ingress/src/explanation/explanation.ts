import type { AttemptRecord, JobEvent } from '@penstock/contracts';
import type { Inspection } from '@penstock/messaging';

/** Where a job ran, and why there. */
export interface Explanation {
  readonly id: string;
  readonly object: 'job.explanation';
  readonly state: string;
  readonly class?: string;
  /** The model that was asked for. */
  readonly model?: string;
  /** The preset that it was admitted with, and its version. */
  readonly preset?: string;
  readonly accepted_at_ms?: number;
  readonly ended_at_ms?: number;
  /** Its attempts that ended, in the order in which they began. */
  readonly attempts: readonly ExplainedAttempt[];
  /** Of a job that waits or runs: where it is, and why not elsewhere. */
  readonly now?: {
    readonly deployment?: string;
    /** Where a second attempt runs beside it. */
    readonly hedge?: string;
    readonly position?: number;
    readonly skipped: readonly SkippedDeployment[];
  };
}

export interface SkippedDeployment {
  readonly deployment: string;
  readonly reason: string;
}

export interface ExplainedAttempt {
  readonly id: string;
  readonly number: number;
  readonly deployment: string;
  readonly provider: string;
  /** The public model it ran as. */
  readonly model?: string;
  readonly upstream_model: string;
  readonly worker: string;
  /** The job's other deployments, and why each of them was not taken. */
  readonly skipped: readonly SkippedDeployment[];
  /**
   * The attempt that it was sent beside, because that one was slow. Of the two, the one that did not answer has failed
   * as `outrun`.
   */
  readonly hedges?: string;
  readonly failure?: AttemptRecord['failure'];
  /** How long each stage took, in milliseconds. A stage that the attempt did not come to is absent. */
  readonly stages: {
    /** In its lane, from its acceptance or the end of the attempt before. */
    readonly in_lane_ms?: number;
    /** In a router's queue. */
    readonly in_queue_ms?: number;
    /** On its way to the worker. */
    readonly to_worker_ms?: number;
    /** From the call to the provider to the first byte of the answer. */
    readonly first_byte_ms?: number;
    /** From there to the last byte; of a failed attempt, all of the call. */
    readonly answer_ms: number;
  };
}

/** The explanation of a job that has ended, from what was told of it. */
export function explainEvent(id: string, event: JobEvent): Explanation {
  const attempts = [...(event.history ?? []), ...(event.attempt ? [event.attempt] : [])];
  return {
    id,
    object: 'job.explanation',
    state: event.outcome?.state ?? 'failed',
    class: event.class,
    model: event.model,
    accepted_at_ms: event.acceptedAtMs,
    ended_at_ms: event.atMs,
    attempts: explainAttempts(attempts, event.acceptedAtMs),
    ...(event.preset !== undefined && { preset: event.preset }),
  };
}

/** The explanation of a job that somebody holds. */
export function explainInspection(id: string, inspected: Inspection): Explanation {
  return {
    id,
    object: 'job.explanation',
    state: inspected.state,
    attempts: explainAttempts(inspected.history, undefined),
    now: {
      skipped: listSkipped(inspected.skipped),
      ...(inspected.state === 'running'
        ? {
            deployment: inspected.deployment,
            ...(inspected.hedge !== undefined && { hedge: inspected.hedge }),
          }
        : { position: inspected.position }),
    },
  };
}

function explainAttempts(
  attempts: readonly AttemptRecord[],
  acceptedAtMs: number | undefined,
): ExplainedAttempt[] {
  // Of two that ran side by side the one that ended first is told first.
  const inOrder = attempts.toSorted((a, b) => a.number - b.number);
  return inOrder.map((attempt, at) => {
    const { takenAtMs, dispatchedAtMs, startedAtMs, firstByteAtMs, endedAtMs, failure, model } = attempt;
    const before = inOrder.slice(0, at).map((one) => one.endedAtMs);
    const sinceMs = before.length > 0 ? Math.max(...before) : acceptedAtMs;
    const between = (fromMs: number | undefined, toMs: number | undefined) =>
      fromMs === undefined || toMs === undefined ? undefined : Math.max(0, toMs - fromMs);
    const stages = {
      in_lane_ms: between(sinceMs, takenAtMs),
      in_queue_ms: between(takenAtMs, dispatchedAtMs),
      to_worker_ms: between(dispatchedAtMs, startedAtMs),
      first_byte_ms: between(startedAtMs, firstByteAtMs),
    };
    return {
      id: attempt.id,
      number: attempt.number,
      deployment: attempt.deployment,
      provider: attempt.provider,
      upstream_model: attempt.upstreamModel,
      worker: attempt.worker,
      skipped: listSkipped(attempt.skipped),
      stages: { ...present(stages), answer_ms: endedAtMs - (firstByteAtMs ?? startedAtMs) },
      ...(model !== undefined && { model }),
      ...(attempt.hedges !== undefined && { hedges: attempt.hedges }),
      ...(failure && { failure }),
    };
  });
}

function listSkipped(skipped: Readonly<Record<string, string>> = {}): SkippedDeployment[] {
  return Object.entries(skipped).map(([deployment, reason]) => ({ deployment, reason }));
}

function present<K extends string>(
  stages: Readonly<Record<K, number | undefined>>,
): { [name in K]?: number } {
  return Object.fromEntries(Object.entries(stages).filter(([, tookMs]) => tookMs !== undefined)) as {
    [name in K]?: number;
  };
}

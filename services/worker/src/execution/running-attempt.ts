import type { AttemptRecord, Failure, Usage } from '@penstock/contracts';
import type { Connection, Dispatch } from '@penstock/messaging';
import type { LimitReading, Provider } from '@penstock/providers';
import type { Clock } from '@penstock/resilience';
import type { RuleBook } from '@penstock/transforms';
import type { ReadWindow } from './read-window.js';
import type { WorkerDeployment } from './worker-deployment.js';

/** What an attempt is made with. */
export interface AttemptParts {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly worker: string;
  readonly deployment: WorkerDeployment;
  readonly provider: Provider;
  readonly rules: RuleBook;
  /** Counted from 1 within the job. */
  readonly number: number;
  /** The attempt that it runs beside, if it is a hedge. */
  readonly hedges?: string | undefined;
  /** Asked once, when there is something to answer with; false when another attempt was first. Absent: there is none. */
  readonly claim?: (() => boolean) | undefined;
  /** How far its caller lets a stream run ahead. */
  readonly window: ReadWindow;
  /** Told what the provider's headers say of its limits. */
  readonly onLimits: (limits: LimitReading) => void;
  /** Told when the provider has begun to stream its answer. */
  readonly onStream: () => void;
}

/** One attempt on its way: what is known of it so far. */
export interface RunningAttempt {
  readonly parts: AttemptParts;
  readonly dispatch: Dispatch;
  readonly signal: AbortSignal;
  readonly startedAtMs: number;
}

/** What is remembered of an attempt that has ended. */
export function recordAttempt(
  { parts, dispatch, startedAtMs }: RunningAttempt,
  ended: {
    usage?: Usage | undefined;
    upstreamId?: string | undefined;
    firstByteAtMs?: number;
    failure?: Failure;
  },
): AttemptRecord {
  const { usage, upstreamId, firstByteAtMs, failure } = ended;
  return {
    id: dispatch.attemptId,
    number: parts.number,
    deployment: dispatch.deployment,
    ...(dispatch.model !== undefined && { model: dispatch.model }),
    provider: parts.deployment.provider,
    upstreamModel: parts.deployment.upstreamModel,
    worker: parts.worker,
    // A hedge was sent by nobody but its worker.
    ...(parts.hedges === undefined
      ? { takenAtMs: dispatch.takenAtMs, dispatchedAtMs: dispatch.dispatchedAtMs }
      : { hedges: parts.hedges }),
    ...(dispatch.skipped && { skipped: dispatch.skipped }),
    startedAtMs,
    endedAtMs: parts.clock.nowMs(),
    ...(firstByteAtMs !== undefined && { firstByteAtMs }),
    ...(usage && { usage }),
    ...(upstreamId !== undefined && { upstreamId }),
    ...(failure && {
      failure: {
        reason: failure.reason,
        message: failure.message,
        ...(failure.status !== undefined && { status: failure.status }),
      },
    }),
  };
}

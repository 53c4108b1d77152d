import { failureKind, type OutcomeState } from '@penstock/contracts';
import {
  type CancelledJobs,
  settleIfEnded,
  type Connection,
  type Dispatch,
  type LeaseKeeper,
} from '@penstock/messaging';
import type { LimitReading } from '@penstock/providers';
import { sleep, type Clock } from '@penstock/resilience';
import { endSpan, SPAN, traceparentOf, type Telemetry } from '@penstock/telemetry';
import type { RuleBook } from '@penstock/transforms';
import type { BreakerBoard } from '../breakers/breaker-board.js';
import type { CapacityAnnouncer } from '../capacity/capacity-announcer.js';
import type { Seat, SeatEnd } from '../capacity/seat.js';
import type { SlotBoard } from '../capacity/slot-board.js';
import type { HealthAnnouncer } from '../health/health-announcer.js';
import { AttemptAborted, type AttemptResult } from './attempt-result.js';
import { executeAttempt } from './execute-attempt.js';
import { observeAttempt } from './observe-attempt.js';
import { ReadWindow } from './read-window.js';
import type { RunningJob, RunningJobs } from './running-jobs.js';
import { settleAttempt, type Handed } from './settle-attempt.js';
import { expectedInputTokens, type WorkerDeployment } from './worker-deployment.js';

/** All that a worker has to run jobs with. */
export interface WorkerParts {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly worker: string;
  readonly deployments: ReadonlyMap<string, { readonly deployment: WorkerDeployment }>;
  readonly slots: SlotBoard;
  readonly capacity: CapacityAnnouncer;
  readonly figures: Pick<HealthAnnouncer, 'record'>;
  readonly breakers: BreakerBoard;
  readonly leases: LeaseKeeper;
  readonly running: RunningJobs;
  /** Of jobs that do not run here, or not yet. */
  readonly cancelled: CancelledJobs;
  readonly rules: RuleBook;
  readonly telemetry: Pick<Telemetry, 'tracing' | 'metrics'>;
}

/** What became of a dispatch. `joined`: the job runs here already; its newer lease was adopted. */
export type RunResult = Handed | 'joined';

/**
 * Runs a dispatched job from the slot it needs to the verb that ends its lease. The lease is extended for as
 * long as this runs, and by nothing else: if the process dies, the job comes again.
 */
export async function runDispatch(parts: WorkerParts, dispatch: Dispatch): Promise<RunResult> {
  const { job } = dispatch;
  const already = parts.running.get(job.tenant, job.id);
  if (already) {
    parts.leases.release(already.ackSubject);
    already.ackSubject = dispatch.ackSubject;
    parts.leases.hold(dispatch.ackSubject, job.class);
    return 'joined';
  }
  const target = parts.deployments.get(dispatch.deployment);
  const tokens = {
    inputTokens: expectedInputTokens(target?.deployment ?? {}, job),
    outputTokens: job.estimatedOutputTokens,
  };
  const seat = target && parts.slots.start(dispatch.router, dispatch.deployment, tokens, parts.clock.nowMs());
  if (!target || !seat) {
    return settle(parts, dispatch, noSlot(`No slot for ${dispatch.deployment} in this worker.`));
  }

  const controller = new AbortController();
  const window = new ReadWindow(parts.clock, dispatch.attemptId, job.paced === true);
  const running = {
    deployment: dispatch.deployment,
    attemptId: dispatch.attemptId,
    startedAtMs: parts.clock.nowMs(),
    history: job.attempts,
    ...(dispatch.skipped && { skipped: dispatch.skipped }),
    controller,
    window,
    ackSubject: dispatch.ackSubject,
  };
  // Heard while the dispatch was on its way.
  if (parts.cancelled.take(job.tenant, job.id)) controller.abort(new AttemptAborted('cancelled'));
  parts.running.add(job.tenant, job.id, running);
  parts.leases.hold(dispatch.ackSubject, job.class);
  const cancelDeadline = abortAtDeadline(parts.clock, job.deadlineMs, controller);
  const leaveSeat = (end: SeatEnd) => {
    parts.slots.end(dispatch.router, dispatch.deployment, seat, end);
    parts.capacity.changed();
  };

  try {
    if (dispatch.suspect && (await endedElsewhere(parts, dispatch))) {
      leaveSeat({ kind: 'unused' });
      return 'already_settled';
    }
    if (!seat.ready && !(await tokensInTime(parts.clock, seat, controller.signal))) {
      leaveSeat({ kind: 'unused' });
      return await settle(parts, { ...dispatch, ackSubject: running.ackSubject }, noSlot(NO_TOKENS));
    }
    const { result, noteDown } = await attempt(parts, dispatch, target.deployment, seat, running);
    // The provider is done with this job: its place is free for the next one while this one is written down.
    noteUsed(parts, dispatch, result);
    leaveSeat(seatEnd(result, seat.spentByRate));
    noteDown();
    return await settle(parts, { ...dispatch, ackSubject: running.ackSubject }, result);
  } finally {
    leaveSeat({ kind: 'failed', usage: undefined });
    cancelDeadline();
    parts.leases.release(running.ackSubject);
    parts.running.remove(job.tenant, job.id);
  }
}

/** Between the router's look and this one, another worker may have finished it: then nobody holds it any more. */
async function endedElsewhere({ connection, clock }: WorkerParts, dispatch: Dispatch): Promise<boolean> {
  const { job, ackSubject } = dispatch;
  const ended = await settleIfEnded(connection, clock, { job, ackSubject }, () => Promise.resolve(false));
  return ended === 'settled';
}

/** Its router charged the tenant an estimate. What goes back there says itself what it used. */
function noteUsed(
  { capacity }: WorkerParts,
  { router, job, attemptId }: Dispatch,
  result: AttemptResult,
): void {
  if (result.kind === 'not_attempted' || result.kind === 'retryable' || !result.attempt.usage) return;
  const { inputTokens, outputTokens } = result.attempt.usage;
  capacity.noteUsed(router, {
    tenant: job.tenant,
    job: job.id,
    attempt: attemptId,
    inputTokens,
    outputTokens,
  });
}

/** How long a job waits here for the tokens it needs, before it goes back to where other jobs can be preferred. */
const TOKENS_WITHIN_MS = 5_000;

const NO_TOKENS = "The minute's tokens are used up.";

/** Waits for the tokens of a seat. False when they did not come in time; an aborted job waits no longer either. */
async function tokensInTime(clock: Clock, seat: Seat, signal: AbortSignal): Promise<boolean> {
  const patience = new AbortController();
  const within = sleep(clock, TOKENS_WITHIN_MS, AbortSignal.any([signal, patience.signal])).catch(
    () => undefined,
  );
  await Promise.race([seat.whenReady(), within]);
  patience.abort();
  return seat.ready || signal.aborted;
}

async function attempt(
  parts: WorkerParts,
  dispatch: Dispatch,
  deployment: WorkerDeployment,
  seat: Seat,
  { controller, window }: Pick<RunningJob, 'controller' | 'window'>,
): Promise<{ readonly result: AttemptResult; readonly noteDown: () => void }> {
  const observed = observeAttempt(parts.telemetry, dispatch, deployment);
  const attemptParts = {
    ...parts,
    deployment,
    provider: seat.provider,
    window,
    onLimits: (_: string, limits: LimitReading) => seat.heard(limits),
    onStream: (id: string) => parts.breakers.streaming(id),
  };
  const execute = async (): Promise<AttemptResult> => {
    const result = await executeAttempt(attemptParts, dispatch, controller.signal, observed.traceparent);
    const refused = result.kind === 'retryable' && result.failure.reason === 'credential_refused';
    // One of several credentials: the deployment is not to blame, nor is the job.
    return refused && parts.slots.setAside(deployment.id, seat, parts.clock.nowMs())
      ? noSlot(`${deployment.provider} refused one of the credentials of ${deployment.id}.`)
      : result;
  };
  const result = await parts.breakers.run(dispatch.deployment, execute, blamesDeployment);
  const known = result === 'open' ? noSlot(`The circuit breaker of ${dispatch.deployment} is open.`) : result;
  const noteDown = () => {
    observed.end(known);
    if (known.kind !== 'not_attempted') parts.figures.record(known.attempt, dispatch.job.stream);
  };
  return { result: known, noteDown };
}

/** What an attempt says of the deployment's capacity. */
function seatEnd(result: AttemptResult, byRate: boolean): SeatEnd {
  switch (result.kind) {
    case 'not_attempted':
      return { kind: 'unused' };
    case 'retryable':
      if (failureKind(result.failure) === 'overload')
        return { kind: 'refused', retryAfterMs: result.failure.retryAfterMs, byRate };
      return { kind: 'failed', usage: result.attempt.usage };
    case 'answered':
      return {
        kind: result.answer.outcome === 'succeeded' ? 'succeeded' : 'failed',
        usage: result.attempt.usage,
      };
    default:
      return { kind: 'failed', usage: result.attempt.usage };
  }
}

/** Settles within a span of its own, which the ledger's row hangs on. */
async function settle(parts: WorkerParts, dispatch: Dispatch, result: AttemptResult): Promise<Handed> {
  const { job } = dispatch;
  const outcome = outcomeOf(result);
  const span = parts.telemetry.tracing.startSpan(SPAN.settle, job.traceparent, {
    lane: job,
    job: job.id,
    outcome,
  });
  const handed = await settleAttempt({ ...parts, traceparent: traceparentOf(span) }, dispatch, result);
  if (outcome !== 'retry' && handed !== 'returned') {
    parts.telemetry.metrics.jobs.add(1, { class: job.class, origin: job.origin, outcome });
    parts.telemetry.metrics.jobDuration.record((parts.clock.nowMs() - job.acceptedAtMs) / 1000, {
      class: job.class,
      outcome,
    });
  }
  endSpan(span, undefined, handed === 'not_stored' ? 'unavailable' : undefined);
  return handed;
}

function outcomeOf(result: AttemptResult): OutcomeState | 'retry' {
  switch (result.kind) {
    case 'answered':
      return result.answer.outcome;
    case 'cancelled':
    case 'expired':
      return result.kind;
    case 'interrupted':
      return 'failed';
    case 'retryable':
    case 'not_attempted':
      return 'retry';
  }
}

function blamesDeployment(result: AttemptResult): boolean {
  return (
    (result.kind === 'retryable' || result.kind === 'interrupted') &&
    failureKind(result.failure) === 'provider'
  );
}

function abortAtDeadline(
  clock: Clock,
  deadlineMs: number | undefined,
  controller: AbortController,
): () => void {
  if (deadlineMs === undefined) return () => undefined;
  return clock.after(Math.max(0, deadlineMs - clock.nowMs()), () =>
    controller.abort(new AttemptAborted('expired')),
  );
}

function noSlot(message: string): AttemptResult {
  return { kind: 'not_attempted', failure: { reason: 'no_slot', message } };
}

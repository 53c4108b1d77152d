import { failureKind, type Failure, type OutcomeState } from '@penstock/contracts';
import { settleIfEnded, type Connection, type Dispatch, type LeaseKeeper } from '@penstock/messaging';
import type { LimitReading, Provider } from '@penstock/providers';
import type { Clock } from '@penstock/resilience';
import { endSpan, SPAN, traceparentOf, type Telemetry } from '@penstock/telemetry';
import type { BreakerBoard } from '../breakers/breaker-board.js';
import type { CapacityAnnouncer } from '../capacity/capacity-announcer.js';
import type { SlotBoard } from '../capacity/slot-board.js';
import type { HealthAnnouncer } from '../health/health-announcer.js';
import { AttemptAborted, type AttemptResult } from './attempt-result.js';
import { executeAttempt } from './execute-attempt.js';
import { observeAttempt } from './observe-attempt.js';
import type { RunningJobs } from './running-jobs.js';
import { settleAttempt, type Handed } from './settle-attempt.js';
import type { WorkerDeployment } from './worker-deployment.js';

/** All that a worker has to run jobs with. */
export interface WorkerParts {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly worker: string;
  readonly deployments: ReadonlyMap<
    string,
    { readonly deployment: WorkerDeployment; readonly provider: Provider }
  >;
  readonly slots: SlotBoard;
  readonly capacity: CapacityAnnouncer;
  readonly figures: Pick<HealthAnnouncer, 'record'>;
  readonly breakers: BreakerBoard;
  readonly leases: LeaseKeeper;
  readonly running: RunningJobs;
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
  if (!target || !parts.slots.start(dispatch.router, dispatch.deployment)) {
    return settle(parts, dispatch, noSlot(`No slot for ${dispatch.deployment} in this worker.`));
  }

  const controller = new AbortController();
  const running = {
    deployment: dispatch.deployment,
    attemptId: dispatch.attemptId,
    startedAtMs: parts.clock.nowMs(),
    controller,
    ackSubject: dispatch.ackSubject,
  };
  parts.running.add(job.tenant, job.id, running);
  parts.leases.hold(dispatch.ackSubject, job.class);
  const cancelDeadline = abortAtDeadline(parts.clock, job.deadlineMs, controller);
  let slotHeld = true;
  const freeSlot = () => {
    if (!slotHeld) return;
    slotHeld = false;
    parts.slots.end(dispatch.deployment);
    parts.capacity.changed();
  };

  try {
    // Between the router's look and this one, another worker may have finished it.
    if (
      dispatch.suspect &&
      (await settleIfEnded(parts.connection, parts.clock, { job, ackSubject: dispatch.ackSubject }))
    ) {
      return 'already_settled';
    }
    const result = await attempt(parts, dispatch, target, controller.signal);
    if (result.kind === 'retryable') obeyRetryAfter(parts, dispatch.deployment, result.failure);
    // The provider is done with this job: the slot is free for the next one while this one is written down.
    freeSlot();
    return await settle(parts, { ...dispatch, ackSubject: running.ackSubject }, result);
  } finally {
    freeSlot();
    cancelDeadline();
    parts.leases.release(running.ackSubject);
    parts.running.remove(job.tenant, job.id);
  }
}

async function attempt(
  parts: WorkerParts,
  dispatch: Dispatch,
  target: { readonly deployment: WorkerDeployment; readonly provider: Provider },
  signal: AbortSignal,
): Promise<AttemptResult> {
  const observed = observeAttempt(parts.telemetry, dispatch, target.deployment);
  const result = await parts.breakers.run(
    dispatch.deployment,
    () =>
      executeAttempt(
        { ...parts, ...target, onLimits: noteLimits(parts) },
        dispatch,
        signal,
        observed.traceparent,
      ),
    blamesDeployment,
  );
  const known = result === 'open' ? noSlot(`The circuit breaker of ${dispatch.deployment} is open.`) : result;
  observed.end(known);
  if (known.kind !== 'not_attempted') parts.figures.record(known.attempt, dispatch.job.stream);
  return known;
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

function obeyRetryAfter(parts: WorkerParts, deployment: string, failure: Failure): void {
  if (failureKind(failure) !== 'overload' || failure.retryAfterMs === undefined) return;
  parts.slots.closeUntil(deployment, parts.clock.nowMs() + failure.retryAfterMs);
  parts.clock.after(failure.retryAfterMs + 1, () => parts.capacity.changed());
}

/** A window that the provider says is used up closes the deployment until it is full again. */
function noteLimits(parts: WorkerParts) {
  return (deployment: string, limits: LimitReading) => {
    for (const window of [limits.requests, limits.tokens]) {
      if (window?.remaining !== 0 || !window.resetMs) continue;
      parts.slots.closeUntil(deployment, parts.clock.nowMs() + window.resetMs);
      parts.clock.after(window.resetMs + 1, () => parts.capacity.changed());
    }
  };
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

import type { AttemptRecord, OutcomeState, Usage } from '@penstock/contracts';
import { settleIfEnded, type Dispatch } from '@penstock/messaging';
import { sleep, type Clock } from '@penstock/resilience';
import { endSpan, SPAN, traceparentOf } from '@penstock/telemetry';
import type { TokenCount } from '../capacity/limit-kind.js';
import type { Seat, SeatEnd } from '../capacity/seat.js';
import { AttemptAborted, type AttemptResult } from './attempt-result.js';
import { ReadWindow } from './read-window.js';
import { leaveSeat, noSlot, runAttempt, type AttemptOrder } from './run-attempt.js';
import { readyHedge, runHedged } from './run-hedged.js';
import type { RunningJob } from './running-jobs.js';
import { settleAttempt, type Handed } from './settle-attempt.js';
import { expectedTokens } from './worker-deployment.js';
import type { WorkerParts } from './worker-parts.js';

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
  const seat =
    target &&
    parts.slots.start(
      dispatch.router,
      dispatch.deployment,
      expectedTokens(target.deployment, job),
      parts.clock.nowMs(),
    );
  if (!target || !seat) {
    return settle(parts, dispatch, noSlot(`No slot for ${dispatch.deployment} in this worker.`));
  }

  const controller = new AbortController();
  const window = new ReadWindow(parts.clock, dispatch.attemptId, job.paced === true);
  const running: RunningJob = {
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
  const leave = (end: SeatEnd) => leaveSeat(parts, dispatch, seat, end);

  try {
    if (dispatch.suspect && (await endedElsewhere(parts, dispatch))) {
      leave({ kind: 'unused' });
      return 'already_settled';
    }
    if (!seat.ready && !(await tokensInTime(parts.clock, seat, controller.signal))) {
      leave({ kind: 'unused' });
      return await settle(parts, underLease(dispatch, running.ackSubject), noSlot(NO_TOKENS));
    }
    const hedge = readyHedge(parts, { dispatch, deployment: target.deployment });
    const first: AttemptOrder = {
      dispatch,
      number: job.attempts.length + 1,
      deployment: target.deployment,
      seat,
      signal: controller.signal,
      window,
      // Of several, what they used together is noted below.
      onResult: hedge ? undefined : (result) => noteUsed(parts, dispatch, result),
    };
    if (!hedge) {
      const result = await runAttempt(parts, first);
      return await settle(parts, underLease(dispatch, running.ackSubject), result);
    }
    const { result, beside, recorded } = await runHedged(parts, first, running, hedge);
    noteUsed(parts, dispatch, result, beside);
    if (!recorded) return 'not_stored';
    const attempts = [...job.attempts, ...beside];
    return await settle(
      parts,
      { ...dispatch, job: { ...job, attempts }, ackSubject: running.ackSubject },
      result,
    );
  } finally {
    leave({ kind: 'failed', usage: undefined });
    cancelDeadline();
    parts.leases.release(running.ackSubject);
    parts.running.remove(job.tenant, job.id);
  }
}

/** The dispatch with the lease as it stands: it is the one that it came with, unless the job was delivered again. */
function underLease(dispatch: Dispatch, ackSubject: string): Dispatch {
  return dispatch.ackSubject === ackSubject ? dispatch : { ...dispatch, ackSubject };
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
  beside: readonly AttemptRecord[] = [],
): void {
  if (result.kind === 'not_attempted' || result.kind === 'retryable') return;
  const used = beside.reduce<TokenCount | undefined>(
    (sum, { usage }) => addUsage(sum, usage),
    result.attempt.usage,
  );
  if (!used) return;
  const { inputTokens, outputTokens } = used;
  capacity.noteUsed(router, {
    tenant: job.tenant,
    job: job.id,
    attempt: attemptId,
    inputTokens,
    outputTokens,
  });
}

function addUsage(sum: TokenCount | undefined, usage: Usage | undefined): TokenCount | undefined {
  if (!sum || !usage) return sum ?? usage;
  return {
    inputTokens: sum.inputTokens + usage.inputTokens,
    outputTokens: sum.outputTokens + usage.outputTokens,
  };
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

/** Settles within a span of its own, which the ledger's row hangs on. */
async function settle(parts: WorkerParts, dispatch: Dispatch, result: AttemptResult): Promise<Handed> {
  const { job } = dispatch;
  const outcome = outcomeOf(result);
  const span = parts.telemetry.tracing.startSpan(SPAN.settle, job.traceparent, {
    lane: job,
    job: job.id,
    outcome,
  });
  const { connection, clock } = parts;
  const handed = await settleAttempt(
    { connection, clock, traceparent: traceparentOf(span) },
    dispatch,
    result,
  );
  if (outcome !== 'retry' && handed !== 'returned') {
    parts.telemetry.metrics.jobs.add(1, { class: job.class, origin: job.origin, outcome });
    parts.telemetry.metrics.jobDuration.record((clock.nowMs() - job.acceptedAtMs) / 1000, {
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

import { sendDispatch } from '@penstock/messaging';
import { endSpan, SPAN, traceparentOf } from '@penstock/telemetry';
import { refusal } from '@penstock/contracts';
import { endHeldJob } from '../outcome/end-held-job.js';
import type { HeldJob } from './held-job.js';
import type { RouterParts } from './router-parts.js';

interface Pick {
  readonly deployment: string;
  readonly worker: string;
}

/**
 * Spends credits on waiting jobs, the most deserving first, until one of the two runs out.
 * From here on the worker holds the lease: if the dispatch is lost, the lease runs out and the job comes again.
 */
export function dispatchJobs(parts: RouterParts): void {
  const nowMs = parts.clock.nowMs();
  for (;;) {
    const turn = parts.queue.next<Pick>((held) => pick(parts, held, nowMs), nowMs);
    if (!turn) break;
    dispatch(parts, turn.job, turn.pick, nowMs);
  }
  for (const expired of parts.queue.takeExpired(nowMs)) {
    parts.tender().released(expired.job);
    endHeldJob(parts, expired, 'expired', refusal('deadline_exceeded'));
  }
}

function pick(parts: RouterParts, held: HeldJob, nowMs: number): Pick | undefined {
  for (const deployment of held.runsOn) {
    const worker = parts.credits.spend(deployment, nowMs);
    if (worker !== undefined) return { deployment, worker };
  }
  return undefined;
}

function dispatch(parts: RouterParts, held: HeldJob, { deployment, worker }: Pick, nowMs: number): void {
  const { job, span } = held;
  parts.leases.release(held.ackSubject);
  parts.tender().released(job);
  const traceparent = traceparentOf(span);
  sendDispatch(parts.connection, worker, {
    job: traceparent === undefined ? job : { ...job, traceparent },
    body: held.body,
    ackSubject: held.ackSubject,
    deliveries: held.deliveries,
    suspect: held.suspect,
    attemptId: parts.makeId('att'),
    deployment,
    router: parts.router,
    dispatchedAtMs: nowMs,
  });
  const { metrics } = parts.telemetry;
  const last = job.attempts.at(-1);
  if (!last) {
    parts.budget(deployment).recordFirst();
    metrics.queueTime.record((nowMs - job.acceptedAtMs) / 1000, { class: job.class });
  } else if (last.deployment !== deployment) {
    metrics.failovers.add(1, { deployment: last.deployment });
  }
  endSpan(span, { 'penstock.deployment': deployment });
}

/** Starts the span of a router's work on a job: from here to its dispatch. */
export function processSpan(parts: RouterParts, held: Omit<HeldJob, 'span'>) {
  const { job, deliveries, heldSinceMs } = held;
  return parts.telemetry.tracing.startSpan(SPAN.process, parentOf(held), {
    job,
    queueTimeMs: heldSinceMs - job.acceptedAtMs,
    deliveries,
  });
}

/**
 * A job from another service that brings no context belongs to no trace; one that a publisher brought without
 * a context begins a trace here.
 */
function parentOf({ job }: Omit<HeldJob, 'span'>): string | undefined {
  return job.traceparent;
}

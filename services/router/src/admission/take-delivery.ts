import { refusal, type Job } from '@penstock/contracts';
import {
  type CancelledJobs,
  handLease,
  holderOf,
  inspectJob,
  lease,
  settleIfEnded,
  type JobDelivery,
} from '@penstock/messaging';
import { dispatchJobs, processSpan, queuedTerms } from '../dispatch/dispatch-jobs.js';
import type { HeldJob } from '../dispatch/held-job.js';
import type { RouterParts } from '../dispatch/router-parts.js';
import { takeLost } from '../retry/take-lost.js';
import { refuseIfHopeless } from '../queue/refuse-hopeless.js';
import { planRoute } from '../routing/plan-route.js';
import { endHeldJob } from '../outcome/end-held-job.js';
import { admitDelivery } from './admit-delivery.js';

/**
 * Takes a job off its lane and puts it into the queue, unless it runs already, has ended, was cancelled meanwhile, or
 * is not a job that can be run: then it gets its outcome here.
 */
export async function takeDelivery(
  parts: RouterParts,
  cancelled: CancelledJobs,
  delivery: JobDelivery,
  mayHaveRun: boolean,
): Promise<void> {
  const nowMs = parts.clock.nowMs();
  const { ackSubject } = delivery;
  const holder = holderOf(delivery);
  if (holder !== undefined && (await isTakenBy(parts, holder, delivery)))
    return parts.tender().released(delivery.lane);
  const suspect = mayHaveRun || holder !== undefined;
  parts.leases.hold(ackSubject, delivery.lane.class);
  const { job, body, admitted } = await admitDelivery(delivery, parts, nowMs);
  const { metrics } = parts.telemetry;
  if (delivery.deliveries > 1) metrics.redeliveries.add(1, { class: job.class });
  else if (job.origin === 'subject') metrics.accepted.add(1, { class: job.class, origin: job.origin });

  if (suspect) {
    if (await isDoneOrRunning(parts, job, ackSubject)) return parts.tender().released(job);
    const lost = await parts.lost.take(job);
    if (lost) {
      parts.tender().released(job);
      return takeLost(parts, lost, job, { ...delivery, body });
    }
  }
  const bare = {
    job,
    body,
    ackSubject,
    deliveries: delivery.deliveries,
    suspect,
    heldSinceMs: nowMs,
  };
  const span = processSpan(parts, bare);
  const end = (
    ...outcome: Parameters<typeof endHeldJob> extends [unknown, unknown, ...infer Rest] ? Rest : never
  ) => {
    parts.tender().released(job);
    endHeldJob(parts, { job, ackSubject, span }, ...outcome);
  };

  if (!admitted.ok) {
    metrics.refusals.add(1, { origin: job.origin, code: admitted.refusal.code });
    return end('failed', admitted.refusal);
  }
  if (cancelled.take(job.tenant, job.id)) return end('cancelled', refusal('client_closed_request'));
  const planned = planRoute(parts, job);
  if (!planned.ok) return end('failed', planned.refusal);
  const held: HeldJob = { ...bare, span, ...queuedTerms(parts, job, planned.value) };
  if (!parts.queue.offer(held)) {
    // The same job twice: its lease ran out here while it waited. The newer lease is the one that counts.
    const older = parts.queue.remove(job, job.id);
    if (older) {
      parts.leases.release(older.ackSubject);
      parts.tender().released(job);
    }
    parts.queue.offer(held);
  }
  dispatchJobs(parts);
  refuseIfHopeless(parts, held);
}

/** Whether the router that runs the job while it was stored has its lease now, or is only too busy to say so. */
async function isTakenBy(parts: RouterParts, holder: string, delivery: JobDelivery): Promise<boolean> {
  const { connection, router } = parts;
  const handing = await handLease(connection, router, holder, delivery);
  if (handing === 'silent') lease.giveBack(connection, delivery.ackSubject, RUNNING_ELSEWHERE_MS);
  return handing === 'taken' || handing === 'silent';
}

/** How long a job that runs somewhere is left alone before its lane offers it again. */
const RUNNING_ELSEWHERE_MS = 1_000;

/**
 * Whether a job that may have been run before need not be run: it has its outcome, or somebody runs it still, whose
 * lease was lost with a consumer or a connection, or who was too busy to extend it.
 */
async function isDoneOrRunning(parts: RouterParts, job: Job, ackSubject: string): Promise<boolean> {
  const { connection, clock, leases } = parts;
  const runs = async () =>
    parts.dispatched.mayRun(job, clock.nowMs()) ||
    (await inspectJob(connection, job.tenant, job.id))?.state === 'running' ||
    parts.lost.mayRun(job);
  const ended = await settleIfEnded(connection, clock, { job, ackSubject }, runs);
  if (ended === 'no' && !(await runs())) return false;
  if (ended !== 'settled') lease.giveBack(connection, ackSubject, RUNNING_ELSEWHERE_MS);
  leases.release(ackSubject);
  return true;
}

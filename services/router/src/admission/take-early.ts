import type { Job } from '@penstock/contracts';
import { endSpan } from '@penstock/telemetry';
import { dispatchJobs, processSpan, queuedTerms } from '../dispatch/dispatch-jobs.js';
import type { HeldJob } from '../dispatch/held-job.js';
import type { RouterParts } from '../dispatch/router-parts.js';
import { planRoute } from '../routing/plan-route.js';

/**
 * Dispatches a job that its ingress, in this process, is about to store: its provider is called while the server stores it.
 * It goes through the queue like any other, so it goes ahead of nobody. False when it is not its turn, or the room is in
 * another process: then it is as if it had never been here, and it comes off its lane when it is stored.
 */
export function takeEarly(parts: RouterParts, job: Job, body: Uint8Array, lease: string): boolean {
  if (job.class !== 'interactive' || !parts.eventRoom.isOpen || !parts.tenants.has(job.tenant)) return false;
  const planned = planRoute(parts, job);
  if (!planned.ok) return false;
  const { runsOn } = planned.value;
  if (!runsOn.some((deployment) => parts.credits.held(deployment) > 0)) return false;
  const bare = {
    job,
    body,
    ackSubject: lease,
    deliveries: 1,
    suspect: false,
    heldSinceMs: parts.clock.nowMs(),
    early: true,
  };
  const span = processSpan(parts, bare);
  const held: HeldJob = { ...bare, span, ...queuedTerms(parts, job, planned.value) };
  if (!parts.queue.offer(held)) return false;
  dispatchJobs(parts);
  if (!parts.queue.remove(job, job.id)) return true;
  endSpan(span);
  // It may have been passed over for room that only others can use.
  for (const deployment of runsOn) parts.queue.open(deployment);
  dispatchJobs(parts);
  return false;
}

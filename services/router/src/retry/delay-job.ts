import { SUBJECT } from '@penstock/contracts';
import { encodeJob, lease, scheduleJob, type Dispatch } from '@penstock/messaging';
import type { RouterParts } from '../dispatch/router-parts.js';

/**
 * Puts a job away for longer than a lease is worth: into DELAYED, whose message the server publishes when it is
 * due, and only then out of its lane. Between the two it lies in both, under the same id; `findOutcome` and the queue
 * see to it that it runs once.
 */
export async function delayJob(
  parts: RouterParts,
  dispatch: Pick<Dispatch, 'job' | 'body' | 'ackSubject'>,
  delayMs: number,
): Promise<void> {
  const { job, ackSubject } = dispatch;
  const stored = await scheduleJob(parts.connection, {
    subject: SUBJECT.delayedWait(job, job.id),
    target: SUBJECT.delayedDue(job),
    dueAtMs: parts.clock.nowMs() + delayMs,
    headers: encodeJob(job),
    body: dispatch.body,
  });
  parts.leases.release(ackSubject);
  if (stored.kind === 'stored' || stored.kind === 'duplicate') lease.settle(parts.connection, ackSubject);
}

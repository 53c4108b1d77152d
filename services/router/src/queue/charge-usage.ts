import type { UsedByAttempt } from '@penstock/contracts';
import type { ReturnedJob } from '../retry/take-returned.js';
import type { RouterParts } from '../dispatch/router-parts.js';

type ChargeParts = Pick<RouterParts, 'queue' | 'dispatched' | 'models'>;

/** Charges a tenant what an attempt used in place of what it was estimated to. A worker tells of each attempt once. */
export function chargeUsed({ queue, dispatched, models }: ChargeParts, used: UsedByAttempt): void {
  const sent = dispatched.find({ tenant: used.tenant, id: used.job }, used.attempt);
  if (sent) queue.correct(sent.charge, models.usedCost(sent.deployment, used));
}

/**
 * The same for a job that comes back: to be called before its dispatch is forgotten. What was not attempted cost
 * nothing. An attempt that does not say what it used stays as it was estimated: it had a slot for as long as it took.
 */
export function chargeReturned(
  { queue, dispatched, models }: ChargeParts,
  { dispatch: { job, attemptId }, attempted }: ReturnedJob,
): void {
  const sent = dispatched.find(job, attemptId);
  if (!sent) return;
  if (!attempted) return queue.correct(sent.charge, 0);
  // Two where its worker sent a second one beside the first.
  const made = job.attempts.slice(sent.history.length);
  const costs = made.flatMap(({ deployment, usage }) => (usage ? [models.usedCost(deployment, usage)] : []));
  if (costs.length > 0)
    queue.correct(
      sent.charge,
      costs.reduce((sum, cost) => sum + cost),
    );
}

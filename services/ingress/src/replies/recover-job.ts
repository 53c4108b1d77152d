import type { Job } from '@penstock/contracts';
import { findOutcome, inspectJob, type Connection } from '@penstock/messaging';
import { sleep, type Clock } from '@penstock/resilience';

/** Workers and routers reconnect too, and what they had buffered goes out first. */
const SETTLE_DOWN_MS = 1_500;

/**
 * Finds out what became of an interactive job whose server was away. Such jobs live in memory: a server that was
 * killed has forgotten them, and only the ingress still has the body.
 *
 * - `alive`: somebody holds it, its answer will come.
 * - `ended`: it was done, but its answer was sent while nobody could hear it.
 * - `lost`: it is to be published again, under the same id.
 */
export async function recoverJob(
  { connection, clock }: { readonly connection: Connection; readonly clock: Clock },
  job: Job,
): Promise<'alive' | 'ended' | 'lost'> {
  await sleep(clock, SETTLE_DOWN_MS);
  if (await inspectJob(connection, job.tenant, job.id)) return 'alive';
  const found = await findOutcome(connection, job.tenant, job.id).catch(() => undefined);
  return found === undefined || found.kind === 'none' ? 'lost' : 'ended';
}

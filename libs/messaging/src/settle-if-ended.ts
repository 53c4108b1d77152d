import type { Clock } from '@penstock/resilience';
import type { Connection } from './connection.js';
import { findOutcome } from './find-outcome.js';
import { lease } from './lease.js';
import { tell } from './settle-job.js';

/**
 * For whoever holds a job that may have been run before: if it has its outcome, that is told again where it need
 * be, the lease is settled, and the answer is true. Throws when the server does not say.
 */
export async function settleIfEnded(
  connection: Connection,
  clock: Clock,
  held: { readonly tenant: string; readonly job: string; readonly ackSubject: string },
): Promise<boolean> {
  const found = await findOutcome(connection, held.tenant, held.job);
  if (found.kind === 'none') return false;
  // Killed between the two, its holder stored the result and did not tell of it.
  if (found.kind === 'result') await tell(connection, clock, found.event);
  lease.settle(connection, held.ackSubject);
  return true;
}

import type { Job } from '@penstock/contracts';
import type { Clock } from '@penstock/resilience';
import { sendOutcome, type Answer } from './answer.js';
import type { Connection } from './connection.js';
import { findOutcome } from './find-outcome.js';
import { lease } from './lease.js';
import { tell } from './settle-job.js';

/** What somebody who still waits is told of an answer that nobody has any more. The ingress writes the words. */
const ANSWER_LOST: Answer = {
  outcome: 'failed',
  status: 500,
  contentType: 'application/json',
  body: new Uint8Array(),
  errorCode: 'internal_error',
};

/**
 * - `no`: the job has no outcome.
 * - `settled`: it had one, which was told again where it need be (to the ledger, and to a caller who may still wait for a
 *   frame that was never sent); the lease is settled.
 * - `at_its_holder`: it has one, and who ended it may be about to send the last frame. The lease is as it was.
 */
export type Ended = 'no' | 'settled' | 'at_its_holder';

/**
 * For whoever holds a job that may have been run before. `holderMayLive` says whether somebody may hold it still: between
 * its event and its last frame a job looks as if its holder had died, and an answer that only the holder has must not be
 * called lost while it is on its way. Throws when the server does not say.
 */
export async function settleIfEnded(
  connection: Connection,
  clock: Clock,
  held: { readonly job: Job; readonly ackSubject: string },
  holderMayLive: () => Promise<boolean>,
): Promise<Ended> {
  const { job } = held;
  const found = await findOutcome(connection, job.tenant, job.id);
  if (found.kind === 'none') return 'no';
  if (job.replySubject !== undefined && (await holderMayLive())) return 'at_its_holder';
  // Killed between the two, its holder stored the result and did not tell of it.
  if (found.kind === 'result') await tell(connection, clock, found.event);
  if (job.replySubject !== undefined) {
    const address = { replySubject: job.replySubject, job: job.id, attempt: found.event.attempt?.id ?? '' };
    sendOutcome(connection, address, 0, found.kind === 'result' ? found.answer : ANSWER_LOST);
  }
  lease.settle(connection, held.ackSubject);
  return 'settled';
}

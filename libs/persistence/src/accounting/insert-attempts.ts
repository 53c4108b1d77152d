import type { FailureReason } from '@penstock/contracts';
import type { Transaction } from '../database.js';
import { LedgerEntry } from '../entities/ledger-entry.js';
import { UnchargedAttempt } from '../entities/uncharged-attempt.js';
import { insertInBulk } from '../insert-in-bulk.js';
import type { AccountingRecords } from './accounting-store.js';

type Attempts = Pick<AccountingRecords, 'ledger' | 'uncharged'>;

/** Told by a router in the place of a worker that it takes for dead. The usage is a guess. */
const GUESSED: FailureReason = 'worker_lost';

/**
 * Inserts the rows of attempts, one for each. What a worker tells of its attempt takes the place of what was guessed,
 * whichever comes first: one that was cut off for a while may live after all. Returns the rows that were new.
 */
export async function insertAttempts(transaction: Transaction, given: Attempts): Promise<Attempts> {
  const uncharged = await insertInBulk(transaction, UnchargedAttempt, given.uncharged);
  if (uncharged.length > 0) await dropGuesses(transaction, uncharged);
  const guessed = given.ledger.filter(isGuessed);
  const known = guessed.length === 0 ? NONE : await unchargedAmong(transaction, guessed);
  const wanted = given.ledger.filter(({ attemptId }) => !known.has(attemptId));

  const ledger = await insertInBulk(transaction, LedgerEntry, wanted);
  if (ledger.length === wanted.length) return { ledger, uncharged };
  const fresh = new Set(ledger);
  const standing = wanted.filter((entry) => !fresh.has(entry) && !isGuessed(entry));
  if (standing.length === 0 || (await dropGuesses(transaction, standing)) === 0) return { ledger, uncharged };
  const corrected = await insertInBulk(transaction, LedgerEntry, standing);
  return { ledger: [...ledger, ...corrected], uncharged };
}

const NONE: ReadonlySet<string> = new Set();

function isGuessed({ failureReason }: UnchargedAttempt): boolean {
  return failureReason === GUESSED;
}

async function unchargedAmong(
  transaction: Transaction,
  attempts: readonly UnchargedAttempt[],
): Promise<ReadonlySet<string>> {
  const { rows } = await transaction.query<{ id: string }>(
    'SELECT attempt_id AS id FROM uncharged_attempt WHERE attempt_id = ANY($1)',
    [idsOf(attempts)],
  );
  return new Set(rows.map(({ id }) => id));
}

/** How many of the attempts had been guessed. */
async function dropGuesses(transaction: Transaction, attempts: readonly UnchargedAttempt[]): Promise<number> {
  const { affected } = await transaction.query(
    'DELETE FROM ledger WHERE attempt_id = ANY($1) AND failure_reason = $2',
    [idsOf(attempts), GUESSED],
  );
  return affected;
}

function idsOf(attempts: readonly UnchargedAttempt[]): string[] {
  return attempts.map(({ attemptId }) => attemptId);
}

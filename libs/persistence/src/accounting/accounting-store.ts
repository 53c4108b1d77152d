import type {
  Generation,
  GenerationQuestion,
  OutcomeQuestion,
  RecordedOutcome,
  Spending,
  SpendingQuestion,
  UsageQuestion,
  UsageRow,
} from '@penstock/contracts';

import type { JobOutcome } from '../entities/job-outcome.js';
import type { LedgerEntry } from '../entities/ledger-entry.js';
import type { ParkedEvent } from '../entities/parked-event.js';
import type { UnchargedAttempt } from '../entities/uncharged-attempt.js';

/** What accounting needs to be remembered. Every method rejects while Postgres is away; see `databaseErrorKind`. */
export interface AccountingStore {
  /**
   * Stores all of it in one transaction, or none. What is already there stays as it is, but for an attempt that was
   * guessed in its worker's place (`worker_lost`): recording the same things any number of times, in any grouping and
   * order, comes to the same rows. Returns what was new.
   */
  record(records: AccountingRecords): Promise<AccountingRecords>;
  usage(question: UsageQuestion): Promise<readonly UsageRow[]>;
  outcome(question: OutcomeQuestion): Promise<RecordedOutcome | undefined>;
  /** What is on record of a job that has ended, by its id or its provider's. */
  generation(question: GenerationQuestion): Promise<Generation | undefined>;
  spending(question: SpendingQuestion): Promise<Spending>;
  /** The oldest parked events, at most `limit`, that come after `after`. */
  parked(limit: number, after?: ParkedEvent): Promise<readonly ParkedEvent[]>;
  /** Forgets a parked event. */
  unpark(event: ParkedEvent): Promise<void>;
}

export interface AccountingRecords {
  readonly ledger: readonly LedgerEntry[];
  readonly uncharged: readonly UnchargedAttempt[];
  readonly outcomes: readonly JobOutcome[];
  readonly parked: readonly ParkedEvent[];
}

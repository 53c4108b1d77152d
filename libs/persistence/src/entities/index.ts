import { JobOutcome } from './job-outcome.js';
import { LedgerEntry } from './ledger-entry.js';
import { ParkedEvent } from './parked-event.js';
import { UnchargedAttempt } from './uncharged-attempt.js';

/** Every entity there is. A test holds them and the migrations together. */
export const ENTITIES: readonly (new () => object)[] = [
  JobOutcome,
  LedgerEntry,
  ParkedEvent,
  UnchargedAttempt,
];

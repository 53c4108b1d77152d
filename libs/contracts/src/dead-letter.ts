import type { AttemptRecord } from './attempt.js';

/** Why a job was set aside for a person. */
export interface DeadLetterReason {
  /** A code of the error catalogue. */
  readonly code: string;
  readonly message: string;
  readonly atMs: number;
  readonly history: readonly AttemptRecord[];
}

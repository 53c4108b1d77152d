import type { AttemptRecord } from './attempt.js';

/**
 * An attempt that a worker was making when it last wrote down what it runs: all that is left of it if the worker and
 * the router that sent it die. It holds no prompt and no completion.
 */
export interface RunningRecord {
  readonly tenant: string;
  readonly job: string;
  readonly attemptId: string;
  readonly deployment: string;
  readonly startedAtMs: number;
  /** The job's attempts before this one. Absent means none. */
  readonly history?: readonly AttemptRecord[];
  /** Where a second attempt runs beside it. */
  readonly hedgedOn?: string;
}

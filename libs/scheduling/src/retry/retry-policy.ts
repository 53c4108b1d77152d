import type { PriorityClass } from '@penstock/contracts';
import type { BackoffPolicy } from '@penstock/resilience';

/** How long and how often failed work is tried again. */
export interface RetryPolicy {
  /** Attempts a job is allowed; forgiven ones do not count. */
  readonly attempts: Readonly<Record<PriorityClass, number>>;
  /** Attempts a job is allowed for each of those, forgiven ones included: so that a job that is itself the
   * outage cannot go on for ever. */
  readonly forgivenFactor: number;
  /** Delays between rounds over all deployments; within a round the next deployment is tried at once. */
  readonly backoff: Readonly<Record<PriorityClass, BackoffPolicy>>;
  /** A wait up to this long is spent holding the job under its lease; a longer one in the delayed stream. */
  readonly leaseWorthMs: number;
  /** A job that cannot start within this time of its acceptance is refused. Absent: it waits for its deadline. */
  readonly startWithinMs: Readonly<Partial<Record<PriorityClass, number>>>;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  attempts: { interactive: 5, standard: 6, batch: 8 },
  forgivenFactor: 3,
  backoff: {
    interactive: { baseMs: 200, capMs: 2_000 },
    standard: { baseMs: 500, capMs: 60_000 },
    batch: { baseMs: 1_000, capMs: 600_000 },
  },
  leaseWorthMs: 10_000,
  startWithinMs: { interactive: 30_000 },
};

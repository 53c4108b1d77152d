import type { Job } from '@penstock/contracts';

/** A job in a lane's window: what the queue has to know of it. Whoever queues it may hang more on it. */
export interface QueuedJob {
  readonly job: Job;
  /**
   * What running it is expected to cost: estimated tokens times price. Any unit, as long as all jobs use the
   * same one; must be above 0.
   */
  readonly cost: number;
  /** How long an attempt of it is expected to take. Decides when a deadline makes it urgent. Default 0. */
  readonly expectedMs?: number;
  /**
   * Ids of the deployments that may run it, in no particular order. Jobs with the same set wait at the same
   * gate: if one of them finds no room, none of them would.
   */
  readonly runsOn: readonly string[];
  /** Keeps jobs apart that may run on the same set, but not under the same terms: they wait at gates of their own. */
  readonly terms?: string;
}

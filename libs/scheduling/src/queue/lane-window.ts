import type { Lane } from '@penstock/contracts';
import type { QueuedJob } from './queued-job.js';
import type { Waiting } from './waiting.js';

/** The jobs of one lane that were taken off the server and wait here, and how many are still there. */
export class LaneWindow<J extends QueuedJob> {
  /** By job id. */
  readonly jobs = new Map<string, Waiting<J>>();
  /** Jobs still on the server. */
  pending = 0;
  /** The latest due time of a job that came fresh from the server. */
  latestDueMs = -Infinity;

  constructor(
    readonly lane: Lane,
    readonly weight: number,
  ) {}

  /** Jobs that wait, here and on the server. */
  get backlog(): number {
    return this.jobs.size + this.pending;
  }
}

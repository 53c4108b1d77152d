import type { Lane } from '@penstock/contracts';
import type { QueuedJob } from './queued-job.js';
import type { Waiting } from './waiting.js';

/** The jobs of one lane that were taken off the server and wait here, and how many are still there. */
export class LaneWindow<J extends QueuedJob> {
  /** Jobs that wait here. */
  size = 0;
  /** Jobs still on the server. */
  pending = 0;
  /** The latest due time of a job that came fresh from the server. */
  latestDueMs = -Infinity;

  private newest: Waiting<J> | undefined;

  constructor(
    readonly lane: Lane,
    readonly weight: number,
  ) {}

  /** Jobs that wait, here and on the server. */
  get backlog(): number {
    return this.size + this.pending;
  }

  add(waiting: Waiting<J>): void {
    waiting.older = this.newest;
    if (this.newest) this.newest.newer = waiting;
    this.newest = waiting;
    this.size++;
  }

  remove(waiting: Waiting<J>): void {
    if (waiting.newer) waiting.newer.older = waiting.older;
    else this.newest = waiting.older;
    if (waiting.older) waiting.older.newer = waiting.newer;
    waiting.older = waiting.newer = undefined;
    this.size--;
  }

  /** The jobs that wait here, in no particular order. Must not be changed meanwhile. */
  *[Symbol.iterator](): IterableIterator<Waiting<J>> {
    for (let waiting = this.newest; waiting; waiting = waiting.older) yield waiting;
  }
}

import { PRIORITY_CLASSES, type Lane, type PriorityClass } from '@penstock/contracts';
import type { FairQueueOptions } from './fair-queue-options.js';
import { LaneWindow, laneKey } from './lane-window.js';
import type { QueuedJob } from './queued-job.js';
import type { Waiting } from './waiting.js';

/** Where a job stands. */
export interface LanePosition {
  /** Jobs of its own lane before it. */
  readonly aheadInLane: number;
  /** Jobs that are expected to start before it: its lane's, its class's fair part, and all more urgent ones. */
  readonly ahead: number;
}

/** Jobs waiting in one class, here and on the server. */
interface ClassTotals {
  backlog: number;
  /** Of the lanes with a backlog, together. */
  weight: number;
}

/** All lanes with work: what waits in their windows and on the server. */
export class Lanes<J extends QueuedJob> {
  private readonly windows = new Map<string, LaneWindow<J>>();
  private readonly totals: Readonly<Record<PriorityClass, ClassTotals>>;
  private readonly weightOf: (tenant: string) => number;
  private heldCount = 0;

  constructor(options: FairQueueOptions) {
    this.weightOf = options.weightOf ?? (() => 1);
    const none = (): ClassTotals => ({ backlog: 0, weight: 0 });
    this.totals = { interactive: none(), standard: none(), batch: none() };
  }

  /** Jobs in all windows. */
  get held(): number {
    return this.heldCount;
  }

  find(lane: Lane): LaneWindow<J> | undefined {
    return this.windows.get(laneKey(lane));
  }

  of(lane: Lane): LaneWindow<J> {
    const key = laneKey(lane);
    let window = this.windows.get(key);
    if (!window) {
      const weight = this.weightOf(lane.tenant);
      if (!(weight > 0)) throw new RangeError(`the weight of tenant ${lane.tenant} must be above 0`);
      window = new LaneWindow<J>({ class: lane.class, tenant: lane.tenant }, weight);
      this.windows.set(key, window);
    }
    return window;
  }

  add(waiting: Waiting<J>): void {
    this.change(waiting.home, () => waiting.home.jobs.set(waiting.job.job.id, waiting));
    this.heldCount++;
  }

  remove(waiting: Waiting<J>): void {
    this.change(waiting.home, () => waiting.home.jobs.delete(waiting.job.job.id));
    this.heldCount--;
  }

  setPending(lane: Lane, count: number): void {
    if (count === 0 && !this.find(lane)) return;
    const window = this.of(lane);
    this.change(window, () => (window.pending = count));
  }

  *jobs(priorityClass?: PriorityClass): IterableIterator<J> {
    for (const window of this.windows.values()) {
      if (priorityClass && window.lane.class !== priorityClass) continue;
      for (const waiting of window.jobs.values()) yield waiting.job;
    }
  }

  position(lane: Lane, jobId?: string): LanePosition | undefined {
    const window = this.find(lane);
    const waiting = jobId === undefined ? undefined : window?.jobs.get(jobId);
    if (jobId !== undefined && !waiting) return undefined;
    const aheadInLane = waiting ? countBefore(window!, waiting) : (window?.backlog ?? 0);
    const weight = window?.weight ?? this.weightOf(lane.tenant);
    const { backlog, weight: totalWeight } = this.totals[lane.class];
    const othersBacklog = backlog - (window?.backlog ?? 0);
    const othersWeight = totalWeight - (window && window.backlog > 0 ? weight : 0);
    const fairPart = Math.min(othersBacklog, Math.floor((aheadInLane * othersWeight) / weight));
    let ahead = aheadInLane + fairPart;
    for (const higher of PRIORITY_CLASSES.slice(0, PRIORITY_CLASSES.indexOf(lane.class))) {
      ahead += this.totals[higher].backlog;
    }
    return { aheadInLane, ahead };
  }

  /** Changes what a window holds, and keeps the totals true. */
  private change(window: LaneWindow<J>, change: () => void): void {
    const before = window.backlog;
    change();
    const after = window.backlog;
    const totals = this.totals[window.lane.class];
    totals.backlog += after - before;
    if (before === 0 && after > 0) totals.weight += window.weight;
    if (before > 0 && after === 0) totals.weight -= window.weight;
    if (after === 0) this.windows.delete(laneKey(window.lane));
  }
}

function countBefore<J extends QueuedJob>(window: LaneWindow<J>, waiting: Waiting<J>): number {
  const { rank, order } = waiting.place;
  let count = 0;
  for (const other of window.jobs.values()) {
    if (other.place.rank < rank || (other.place.rank === rank && other.place.order < order)) count++;
  }
  return count;
}

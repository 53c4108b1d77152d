import { PRIORITY_CLASSES, type Lane, type PriorityClass, type RouterPace } from '@penstock/contracts';
import { fairPart } from './fair-part.js';
import type { FairQueueOptions } from './fair-queue-options.js';
import { LaneWindow } from './lane-window.js';
import { NamedJobs } from './named-jobs.js';
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
  /** By tenant. */
  private readonly windows: Readonly<Record<PriorityClass, Map<string, LaneWindow<J>>>> = {
    interactive: new Map(),
    standard: new Map(),
    batch: new Map(),
  };
  private readonly totals: Readonly<Record<PriorityClass, ClassTotals>>;
  private readonly weightOf: (tenant: string) => number;
  private readonly named = new NamedJobs<J>();

  constructor(options: FairQueueOptions) {
    this.weightOf = options.weightOf ?? (() => 1);
    const none = (): ClassTotals => ({ backlog: 0, weight: 0 });
    this.totals = { interactive: none(), standard: none(), batch: none() };
  }

  /** Jobs in all windows. */
  get held(): number {
    return this.named.size;
  }

  /** Jobs of a class in all windows and, as far as is known, on the server. */
  backlogOf(priorityClass: PriorityClass): number {
    return this.totals[priorityClass].backlog;
  }

  get backlog(): RouterPace['waiting'] {
    const { interactive, standard, batch } = this.totals;
    const of = ({ backlog: jobs, weight }: ClassTotals) => ({ jobs, weight });
    return { interactive: of(interactive), standard: of(standard), batch: of(batch) };
  }

  find(lane: Lane, jobId: string): Waiting<J> | undefined {
    return this.named.find(lane, jobId);
  }

  private window(lane: Lane): LaneWindow<J> | undefined {
    return this.windows[lane.class].get(lane.tenant);
  }

  of(lane: Lane): LaneWindow<J> {
    let window = this.window(lane);
    if (!window) {
      const weight = this.weightOf(lane.tenant);
      if (!(weight > 0)) throw new RangeError(`the weight of tenant ${lane.tenant} must be above 0`);
      window = new LaneWindow<J>({ class: lane.class, tenant: lane.tenant }, weight);
      this.windows[lane.class].set(lane.tenant, window);
    }
    return window;
  }

  add(waiting: Waiting<J>): void {
    const { home } = waiting;
    const before = home.backlog;
    home.add(waiting);
    this.named.add(waiting);
    this.count(home, before);
  }

  remove(waiting: Waiting<J>): void {
    const { home } = waiting;
    const before = home.backlog;
    home.remove(waiting);
    this.named.remove(waiting);
    this.count(home, before);
  }

  setPending(lane: Lane, count: number): void {
    if (count === 0 && !this.window(lane)) return;
    const window = this.of(lane);
    const before = window.backlog;
    window.pending = count;
    this.count(window, before);
  }

  /** The jobs in the windows, of one class or of all. */
  *jobs(priorityClass?: PriorityClass): IterableIterator<J> {
    for (const { job } of this.named) {
      if (!priorityClass || job.job.class === priorityClass) yield job;
    }
  }

  position(lane: Lane, jobId?: string): LanePosition | undefined {
    const window = this.window(lane);
    const waiting = jobId === undefined ? undefined : this.find(lane, jobId);
    if (jobId !== undefined && !waiting) return undefined;
    const aheadInLane = waiting ? countBefore(window!, waiting) : (window?.backlog ?? 0);
    const weight = window?.weight ?? this.weightOf(lane.tenant);
    const { backlog, weight: totalWeight } = this.totals[lane.class];
    const othersBacklog = backlog - (window?.backlog ?? 0);
    const othersWeight = totalWeight - (window && window.backlog > 0 ? weight : 0);
    let ahead = aheadInLane + fairPart(aheadInLane, weight, othersBacklog, othersWeight);
    for (const higher of PRIORITY_CLASSES.slice(0, PRIORITY_CLASSES.indexOf(lane.class))) {
      ahead += this.totals[higher].backlog;
    }
    return { aheadInLane, ahead };
  }

  /** Keeps the totals true after a window's backlog changed, and forgets a lane without any. */
  private count(window: LaneWindow<J>, before: number): void {
    const after = window.backlog;
    const totals = this.totals[window.lane.class];
    totals.backlog += after - before;
    if (before === 0 && after > 0) totals.weight += window.weight;
    if (before > 0 && after === 0) totals.weight -= window.weight;
    if (after === 0) this.windows[window.lane.class].delete(window.lane.tenant);
  }
}

function countBefore<J extends QueuedJob>(window: LaneWindow<J>, waiting: Waiting<J>): number {
  const { rank, order } = waiting.place;
  let count = 0;
  for (const other of window) {
    if (other.place.rank < rank || (other.place.rank === rank && other.place.order < order)) count++;
  }
  return count;
}

/** A lane as far as its share of the window goes. */
export interface Windowed {
  /** Delivered, and waiting in this router's queue. */
  held: number;
  /** Messages not pulled by anybody yet. */
  pending: number;
  /** Whether it counts among the lanes that have work. */
  busy: boolean;
}

export interface LaneWindowOptions {
  /** Jobs of one lane, at most. Default 256: a pull for a few would cost as much. */
  readonly perLane?: number;
  /**
   * Jobs of all lanes together, as a target; a lane with work has one at least. Default 8,000. All of them are extended,
   * again and again: with 10,000 lanes and two of each that was a fifth of what the server did.
   */
  readonly total?: number;
}

/** How many jobs of a lane a router holds or has asked for: as many as fit when all lanes with work have as many. */
export class LaneWindow {
  private busyLanes = 0;
  private readonly perLane: number;
  private readonly total: number;

  constructor({ perLane = 256, total = 8_000 }: LaneWindowOptions = {}) {
    this.perLane = perLane;
    this.total = total;
  }

  /** Jobs for each lane. Lanes without work take no room from the others. */
  get size(): number {
    return Math.max(1, Math.min(this.perLane, Math.floor(this.total / Math.max(1, this.busyLanes))));
  }

  /** To be called when what the lane holds has changed. */
  count(lane: Windowed): void {
    this.set(lane, lane.held + lane.pending > 0);
  }

  /** The lane is not tended any more. */
  forget(lane: Windowed): void {
    this.set(lane, false);
  }

  private set(lane: Windowed, busy: boolean): void {
    if (busy === lane.busy) return;
    lane.busy = busy;
    this.busyLanes += busy ? 1 : -1;
  }
}

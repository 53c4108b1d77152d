/** Counted in whole parts, so that fifty times 0.02 is one. */
const PARTS = 1e9;

export interface HedgeBudgetOptions {
  /** The most that can be saved up: so many hedges may go at once after a long calm. Default 10. */
  readonly most?: number;
}

/**
 * Keeps second copies of slow work to a share of the work. Each job earns a share of a hedge, each hedge costs a whole
 * one. It begins with nothing: a process that has just started knows least of what is slow.
 *
 * Guarantee: of any jobs in a row, at most `share * jobs + most` were hedged, and of all since the start at most
 * `share * jobs`. So when everything is slow, hedges add that share to the load and no more.
 *
 * Source: Dean and Barroso, The Tail at Scale (2013), who bound the copies as well.
 */
export class HedgeBudget {
  private readonly mostParts: number;
  private parts = 0;

  constructor({ most = 10 }: HedgeBudgetOptions = {}) {
    this.mostParts = most * PARTS;
  }

  /** Tells of a job that may be hedged; `share` is the hedges that one job earns: 0.02 is two in a hundred. */
  recordJob(share: number): void {
    this.parts = Math.min(this.mostParts, this.parts + Math.floor(share * PARTS));
  }

  /** Whether a hedge would be granted now. */
  get hasRoom(): boolean {
    return this.parts >= PARTS;
  }

  /** Takes one hedge out of the budget; false, and nothing taken, when it is spent. */
  tryHedge(): boolean {
    if (!this.hasRoom) return false;
    this.parts -= PARTS;
    return true;
  }
}

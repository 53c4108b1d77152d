import type { Clock } from './clock.js';

export interface AimdOptions {
  /** Never below. Default 1. */
  readonly min?: number;
  readonly max: number;
  /** Default `max`: a limit that the user set is believed until the provider objects. */
  readonly initial?: number;
  /** What an overload multiplies the limit with. Default 0.7. */
  readonly decrease?: number;
  /**
   * How much slower the limit grows where it was last refused: 0.1 is a tenth. With it a limit that has been found
   * is touched rarely, so that `decrease` may be as mild as 0.9 and nearly all of it is used. Default 1: no slower.
   */
  readonly caution?: number;
}

/** One call under way. The first verb counts; any further one does nothing. */
export interface Flight {
  /** The provider took the call: the limit may grow. */
  succeeded(): void;
  /** The provider said that it was too much (429, overloaded): the limit shrinks, and closes for `retryAfterMs`. */
  overloaded(retryAfterMs?: number): void;
  /** Anything else, which says nothing about capacity. */
  ended(): void;
}

/**
 * Finds how many calls at once a provider can take, when it does not say.
 *
 * Additive increase: each success adds `1 / limit`, so a limit's worth of successes adds one; only while at least
 * half of the limit is in use, because successes at low load prove nothing. Multiplicative decrease: an overload
 * multiplies the limit by `decrease`, once for all calls that were under way when it happened: a hundred calls
 * refused together are one piece of news. `Retry-After` closes the limit until then, and a closed limit only ever
 * closes for longer.
 *
 * Guarantees: the limit stays within [min, max]; no flight starts while as many as the limit are under way, nor
 * while it is closed.
 *
 * Sources: Chiu and Jain 1989; "once per flight" is TCP NewReno's recovery point (RFC 6582).
 */
export class AimdLimit {
  private readonly min: number;
  private readonly max: number;
  private readonly decrease: number;
  private readonly caution: number;
  /** Where it was last refused; undefined once it has got past that. */
  private refusedAt: number | undefined;
  private current: number;
  private underWay = 0;
  private started = 0;
  /** Flights numbered below this one were under way at the last decrease. */
  private recovery = 0;
  private openAtMs = -Infinity;

  constructor(
    private readonly clock: Clock,
    options: AimdOptions,
  ) {
    this.max = options.max;
    this.min = Math.min(options.min ?? 1, options.max);
    this.decrease = options.decrease ?? 0.7;
    this.caution = options.caution ?? 1;
    this.current = Math.min(this.max, Math.max(this.min, options.initial ?? options.max));
  }

  /** A place for one more call; undefined when there is none now. */
  tryStart(): Flight | undefined {
    if (this.free === 0) return undefined;
    const number = this.started++;
    this.underWay += 1;
    let open = true;
    const land = () => {
      const first = open;
      open = false;
      if (first) this.underWay -= 1;
      return first;
    };
    return {
      succeeded: () => {
        // Judged before landing: a limit of one is in full use by the very call that succeeds.
        const inUse = this.underWay * 2 >= this.limit;
        if (land() && inUse) this.grow();
      },
      overloaded: (retryAfterMs = 0) => {
        if (!land()) return;
        this.openAtMs = Math.max(this.openAtMs, this.clock.monotonicMs() + retryAfterMs);
        if (number < this.recovery) return;
        this.recovery = this.started;
        this.refusedAt = this.current;
        this.current = Math.max(this.min, this.current * this.decrease);
      },
      ended: () => void land(),
    };
  }

  private grow(): void {
    const refusedAt = this.refusedAt ?? Infinity;
    const step = this.current >= refusedAt - 1 ? this.caution : 1;
    this.current = Math.min(this.max, this.current + step / this.current);
    if (this.current > refusedAt + 1) this.refusedAt = undefined;
  }

  /** Whole calls at the same time. */
  get limit(): number {
    return Math.floor(this.current);
  }

  get running(): number {
    return this.underWay;
  }

  /** Calls that may start now. */
  get free(): number {
    return this.closedForMs > 0 ? 0 : Math.max(0, this.limit - this.underWay);
  }

  /** How long the provider still wants to be left alone; 0 when it does not. */
  get closedForMs(): number {
    return Math.max(0, this.openAtMs - this.clock.monotonicMs());
  }
}

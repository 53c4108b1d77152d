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
  /** Nobody knows the limit: search for it at double speed until the first refusal. Default false. */
  readonly slowStart?: boolean;
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
 * Slow start, where the limit is not known and after an outage: each success adds one, so a limit's worth of them
 * doubles it, until the first refusal. Refusals come faster than answers, so what is then left of the flight is
 * about what the provider took: the limit falls to that, by half at most.
 *
 * Guarantees: the limit stays within [min, max]; no flight starts by `tryStart` while as many as the limit are under
 * way, nor while it is closed.
 *
 * Sources: Chiu and Jain 1989; "once per flight" is TCP NewReno's recovery point (RFC 6582); slow start is
 * RFC 5681's.
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
  /** Slow start goes on below this. */
  private doublingBelow: number;
  /** How far the refusals of the flight that ended slow start may still lower the limit. */
  private floorOfFlight: number | undefined;
  /** Flights numbered below this one were under way at the last restart: they prove nothing about its end. */
  private restartedAt = 0;

  constructor(
    private readonly clock: Clock,
    options: AimdOptions,
  ) {
    this.max = options.max;
    this.min = Math.min(options.min ?? 1, options.max);
    this.decrease = options.decrease ?? 0.7;
    this.caution = options.caution ?? 1;
    this.current = Math.min(this.max, Math.max(this.min, options.initial ?? options.max));
    this.doublingBelow = options.slowStart ? Infinity : 0;
  }

  /** A place for one more call; undefined when there is none now. */
  tryStart(): Flight | undefined {
    return this.free === 0 ? undefined : this.start();
  }

  /** A place for a call that was promised one before the limit shrank: also when there is none. */
  start(): Flight {
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
        if (land() && inUse && number >= this.restartedAt) this.grow();
      },
      overloaded: (retryAfterMs = 0) => {
        if (!land()) return;
        this.openAtMs = Math.max(this.openAtMs, this.clock.monotonicMs() + retryAfterMs);
        if (number >= this.recovery) this.shrink();
        if (this.floorOfFlight !== undefined) this.fallTo(Math.max(this.floorOfFlight, this.underWay));
      },
      ended: () => void land(),
    };
  }

  /** An outage is over: start again with a tenth, and come back to what it was at double speed. */
  restart(): void {
    this.doublingBelow = Math.max(this.doublingBelow, this.current);
    this.floorOfFlight = undefined;
    this.restartedAt = this.started;
    this.current = Math.max(this.min, this.current / 10);
  }

  private shrink(): void {
    this.recovery = this.started;
    if (this.current < this.doublingBelow) this.floorOfFlight = Math.max(this.min, this.current / 2);
    else {
      this.floorOfFlight = undefined;
      this.refusedAt = this.current;
      this.current = Math.max(this.min, this.current * this.decrease);
    }
    this.doublingBelow = 0;
  }

  private fallTo(limit: number): void {
    this.current = Math.min(this.current, limit);
    this.refusedAt = this.current + 1;
  }

  private grow(): void {
    if (this.current < this.doublingBelow) {
      this.current = Math.min(this.max, this.current + 1);
      return;
    }
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

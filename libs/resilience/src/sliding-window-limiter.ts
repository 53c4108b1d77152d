import type { Clock } from './clock.js';

/** The right to one call, held until its weight has left the provider's window. */
export interface Permit {
  /**
   * The call was answered, or given up: its weight counts for another `windowMs` from now. `actualWeight` replaces
   * what was reserved, once the provider has said what it counted.
   */
  answered(actualWeight?: number): void;
  /** The call was never sent, so the provider never counted it. */
  unused(): void;
}

export interface PacedWindowOptions {
  /**
   * The part of the limit that may be taken at once after a silence. What is beyond is spread over the window, so
   * that a backlog does not use up a minute in its first second and leave nothing to who comes later in it.
   * Default 1: no spreading.
   */
  readonly burst?: number;
  /**
   * How long a call may take from its permit to its arrival: one that is answered later is taken to have arrived by
   * then. Default Infinity: nobody knows.
   */
  readonly arrivesWithinMs?: number;
}

/** The part of a window that may have passed unused and be made up for at once. */
const CATCH_UP = 1 / 120;

/**
 * A limit "so much in any 60 seconds" that a provider, counting at its own end, never sees exceeded.
 *
 * The provider counts a call when it arrives there, and nobody here knows when that is: some time between sending
 * and the answer. A window over the times of sending lets through too much as soon as a call that was slow on its
 * way is followed by quick ones: sent 60 s apart, arrived less than 60 s apart. So weight taken for a call comes
 * back only `windowMs` after the *answer* to it. Of two calls that use the same weight, the first arrived before its
 * answer and the second arrives after it was sent, hence more than `windowMs` later: in any window every unit of the
 * limit is used once. The price is that a limit of n calls a minute yields n / (1 min + latency), unless it is known by
 * when a call has arrived.
 *
 * A `burst` below 1 spreads what is beyond that part of the limit over the window (generic cell rate algorithm, ITU-T
 * I.371).
 *
 * Guarantee: the weights of calls that arrive in any window of `windowMs` sum to at most `limit`, so long as no call
 * turns out heavier than reserved, nor arrives later than said. Calling `answered` or `unused` a second time does nothing.
 */
export class SlidingWindowLimiter {
  /** Weight taken by calls under way and by those answered less than a window ago. */
  private used = 0;
  /** Weights on their way back, soonest first; `head` is the first that still counts. */
  private readonly returning: { atMs: number; weight: number }[] = [];
  private head = 0;
  private nominalLimit: number;
  private readonly burst: number;
  private readonly arrivesWithinMs: number;
  /** From when on the spread part gives out again. */
  private pacedUntilMs = -Infinity;

  constructor(
    private readonly clock: Clock,
    private maximum: number,
    private readonly windowMs = 60_000,
    options: PacedWindowOptions = {},
  ) {
    this.nominalLimit = maximum;
    this.burst = options.burst ?? 1;
    this.arrivesWithinMs = options.arrivesWithinMs ?? Infinity;
  }

  /** A permit of `weight`; undefined, and nothing taken, when the window has no room for it now. */
  tryTake(weight = 1): Permit | undefined {
    this.expire();
    if (this.room(weight) === 0) return undefined;
    const paced = this.used + weight > this.burstLimit;
    this.used += weight;
    if (paced) this.pace(weight);
    const arrivedByMs = this.clock.monotonicMs() + this.arrivesWithinMs;
    let open = true;
    return {
      answered: (actualWeight = weight) => {
        if (!open) return;
        open = false;
        this.used += actualWeight - weight;
        if (paced) this.pacedUntilMs += (actualWeight - weight) * this.intervalMs;
        this.giveBack(Math.min(this.clock.monotonicMs(), arrivedByMs) + this.windowMs, actualWeight);
      },
      unused: () => {
        if (!open) return;
        open = false;
        this.used -= weight;
        if (paced) this.pacedUntilMs -= weight * this.intervalMs;
      },
    };
  }

  /** How many more times `weight` could be taken now. */
  room(weight = 1): number {
    this.expire();
    const byWindow = Math.floor((this.maximum - this.used) / weight);
    if (byWindow <= 0) return 0;
    if (this.burst >= 1) return byWindow;
    const atOnce = Math.max(0, Math.floor((this.burstLimit - this.used) / weight));
    const sinceMs = Math.min(this.clock.monotonicMs() - this.pacedUntilMs, CATCH_UP * this.windowMs);
    const spread = sinceMs < 0 ? 0 : 1 + Math.floor(sinceMs / (weight * this.intervalMs));
    return Math.min(byWindow, atOnce + spread);
  }

  /**
   * How long until `weight` fits if nothing else is taken: 0 for now; undefined when that depends on calls under
   * way; Infinity when it is more than the whole limit.
   */
  waitMs(weight = 1): number | undefined {
    this.expire();
    if (weight > this.maximum) return Infinity;
    let used = this.used;
    if (used + weight <= this.maximum) return this.paceWaitMs(weight);
    for (let i = this.head; i < this.returning.length; i++) {
      const entry = this.returning[i]!;
      used -= entry.weight;
      if (used + weight > this.maximum) continue;
      return Math.max(entry.atMs - this.clock.monotonicMs(), this.paceWaitMs(weight));
    }
    return undefined;
  }

  /** Room left now. Never negative. */
  get available(): number {
    this.expire();
    return Math.max(0, this.maximum - this.used);
  }

  get limit(): number {
    return this.maximum;
  }

  /** Takes over a new limit, for the permits to come. */
  set limit(limit: number) {
    this.maximum = limit;
  }

  /** The limit that burst and pace are parts of, where it is not `limit`. */
  set nominal(limit: number) {
    this.nominalLimit = limit;
  }

  /** What calls under way and the window count. */
  get inUse(): number {
    this.expire();
    return this.used;
  }

  /**
   * What comes back by itself and in how many milliseconds, gathered into steps of `stepMs`: each step is told with
   * the last instant of it.
   */
  returns(stepMs: number): { readonly inMs: number; readonly weight: number }[] {
    this.expire();
    const nowMs = this.clock.monotonicMs();
    const steps: { inMs: number; weight: number }[] = [];
    for (let i = this.head; i < this.returning.length; i++) {
      const { atMs, weight } = this.returning[i]!;
      const inMs = Math.ceil((atMs - nowMs) / stepMs) * stepMs;
      const last = steps.at(-1);
      if (last?.inMs === inMs) last.weight += weight;
      else steps.push({ inMs, weight });
    }
    return steps;
  }

  private get burstLimit(): number {
    return this.burst >= 1 ? Infinity : Math.ceil(this.burst * this.nominalLimit);
  }

  /** Between two permits of weight 1 of the spread part. */
  private get intervalMs(): number {
    return this.windowMs / Math.max(1, this.nominalLimit);
  }

  /** Calls end in another order than they began, mostly a little. */
  private giveBack(atMs: number, weight: number): void {
    let low = this.head;
    let high = this.returning.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.returning[middle]!.atMs <= atMs) low = middle + 1;
      else high = middle;
    }
    if (low === this.returning.length) this.returning.push({ atMs, weight });
    else this.returning.splice(low, 0, { atMs, weight });
  }

  private pace(weight: number): void {
    const fromMs = Math.max(this.pacedUntilMs, this.clock.monotonicMs() - CATCH_UP * this.windowMs);
    this.pacedUntilMs = fromMs + weight * this.intervalMs;
  }

  private paceWaitMs(weight: number): number {
    if (this.used + weight <= this.burstLimit) return 0;
    return Math.max(0, this.pacedUntilMs - this.clock.monotonicMs());
  }

  private expire(): void {
    const nowMs = this.clock.monotonicMs();
    while (this.head < this.returning.length && this.returning[this.head]!.atMs <= nowMs) {
      this.used -= this.returning[this.head++]!.weight;
    }
    if (this.head > 1024 && this.head * 2 > this.returning.length) {
      this.returning.splice(0, this.head);
      this.head = 0;
    }
  }
}

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

/**
 * A limit "so much in any 60 seconds" that a provider, counting at its own end, never sees exceeded.
 *
 * The provider counts a call when it arrives there, and nobody here knows when that is: some time between sending
 * and the answer. A window over the times of sending lets through too much as soon as a call that was slow on its
 * way is followed by quick ones: sent 60 s apart, arrived less than 60 s apart. So weight taken for a call comes
 * back only `windowMs` after the *answer* to it. Of two calls that use the same weight, the first arrived before its
 * answer and the second arrives after it was sent, hence more than `windowMs` later: in any window every unit of the
 * limit is used once. The price is that a limit of n calls a minute yields n / (1 min + latency).
 *
 * Guarantee: the weights of calls that arrive in any window of `windowMs` sum to at most `limit`, so long as no call
 * turns out heavier than reserved. Calling `answered` or `unused` a second time does nothing.
 */
export class SlidingWindowLimiter {
  /** Weight taken by calls under way and by those answered less than a window ago. */
  private used = 0;
  /** Weights on their way back, soonest first; `head` is the first that still counts. */
  private readonly returning: { atMs: number; weight: number }[] = [];
  private head = 0;

  constructor(
    private readonly clock: Clock,
    private maximum: number,
    private readonly windowMs = 60_000,
  ) {}

  /** A permit of `weight`; undefined, and nothing taken, when the window has no room for it now. */
  tryTake(weight = 1): Permit | undefined {
    this.expire();
    if (this.used + weight > this.maximum) return undefined;
    this.used += weight;
    let open = true;
    return {
      answered: (actualWeight = weight) => {
        if (!open) return;
        open = false;
        this.used += actualWeight - weight;
        this.returning.push({ atMs: this.clock.monotonicMs() + this.windowMs, weight: actualWeight });
      },
      unused: () => {
        if (!open) return;
        open = false;
        this.used -= weight;
      },
    };
  }

  /**
   * How long until `weight` fits if nothing else is taken: 0 for now; undefined when that depends on calls under
   * way; Infinity when it is more than the whole limit.
   */
  waitMs(weight = 1): number | undefined {
    this.expire();
    if (weight > this.maximum) return Infinity;
    let used = this.used;
    if (used + weight <= this.maximum) return 0;
    for (let i = this.head; i < this.returning.length; i++) {
      const entry = this.returning[i]!;
      used -= entry.weight;
      if (used + weight <= this.maximum) return entry.atMs - this.clock.monotonicMs();
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

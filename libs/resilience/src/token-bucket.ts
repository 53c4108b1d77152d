import type { Clock } from './clock.js';

export interface TokenBucketOptions {
  /** The most that can be taken at once after a silence. */
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/**
 * A rate limit that allows bursts. Guarantee: what is taken in any stretch of time `t` is at most
 * `capacity + refillPerSecond * t`, counting what was given back as not taken.
 *
 * For a provider's limit "in any 60 seconds" use SlidingWindowLimiter: a full bucket lets up to twice the limit
 * through in the first minute.
 */
export class TokenBucket {
  private level: number;
  private filledAtMs: number;

  constructor(
    private readonly clock: Clock,
    private readonly options: TokenBucketOptions,
  ) {
    this.level = options.capacity;
    this.filledAtMs = clock.monotonicMs();
  }

  /** Takes `amount`; false, and nothing taken, when there is not so much. */
  tryTake(amount = 1): boolean {
    this.refill();
    if (amount > this.level) return false;
    this.level -= amount;
    return true;
  }

  /** Takes `amount` even if there is not so much: for a use that turned out larger than was reserved. */
  charge(amount: number): void {
    this.refill();
    this.level -= amount;
  }

  /** Returns what was taken and not used. */
  giveBack(amount: number): void {
    this.refill();
    this.level = Math.min(this.options.capacity, this.level + amount);
  }

  /** How long until `amount` can be taken: 0 for now, Infinity for never. */
  waitMs(amount = 1): number {
    this.refill();
    if (amount <= this.level) return 0;
    if (amount > this.options.capacity) return Infinity;
    return ((amount - this.level) / this.options.refillPerSecond) * 1000;
  }

  /** May be below zero after `charge`. */
  get available(): number {
    this.refill();
    return this.level;
  }

  private refill(): void {
    const nowMs = this.clock.monotonicMs();
    const refilled = ((nowMs - this.filledAtMs) / 1000) * this.options.refillPerSecond;
    this.level = Math.min(this.options.capacity, this.level + refilled);
    this.filledAtMs = nowMs;
  }
}

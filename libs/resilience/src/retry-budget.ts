import type { Clock } from './clock.js';

export interface RetryBudgetOptions {
  /** Retries allowed for each first attempt. Default 0.2. */
  readonly share?: number;
  /** Retries allowed in a window whatever the traffic, so that a quiet deployment can retry at all. Default 10. */
  readonly minimum?: number;
  /** How long an attempt is remembered. Default 10 s. */
  readonly windowMs?: number;
}

const SLICES = 10;

/**
 * Keeps an outage from being multiplied: retries may be at most a share of the first attempts made in the same
 * window, plus a small minimum. With every call failing, the load on a provider grows by that share and no more,
 * however many attempts a single job would be allowed.
 *
 * The window moves in tenths. Guarantee: whenever a retry is granted, the retries in the window, that one
 * included, are at most `share * firstAttempts + minimum`.
 *
 * Source: Finagle's `RetryBudget` (percentCanRetry 0.2, minRetriesPerSec, ttl 10 s); Envoy's `retry_budget` is alike.
 */
export class RetryBudget {
  private readonly share: number;
  private readonly minimum: number;
  private readonly sliceMs: number;
  private readonly firsts = new Float64Array(SLICES);
  private readonly retries = new Float64Array(SLICES);
  private newest: number;

  constructor(
    private readonly clock: Clock,
    options: RetryBudgetOptions = {},
  ) {
    this.share = options.share ?? 0.2;
    this.minimum = options.minimum ?? 10;
    this.sliceMs = (options.windowMs ?? 10_000) / SLICES;
    this.newest = this.slice();
  }

  /** Tells of a first attempt, which the budget grows by. */
  recordFirst(): void {
    this.forget();
    this.firsts[this.newest % SLICES]! += 1;
  }

  /** Takes one retry out of the budget; false, and nothing taken, when it is spent. */
  tryRetry(): boolean {
    if (this.remaining() < 1) return false;
    this.retries[this.newest % SLICES]! += 1;
    return true;
  }

  /** Whole retries that would be granted now. */
  remaining(): number {
    this.forget();
    const allowed = Math.floor(this.share * sum(this.firsts) + this.minimum);
    return Math.max(0, allowed - sum(this.retries));
  }

  private slice(): number {
    return Math.floor(this.clock.monotonicMs() / this.sliceMs);
  }

  private forget(): void {
    const now = this.slice();
    const passed = Math.min(SLICES, now - this.newest);
    for (let i = 1; i <= passed; i++) {
      this.firsts[(this.newest + i) % SLICES] = 0;
      this.retries[(this.newest + i) % SLICES] = 0;
    }
    // After a long silence every slice is empty, and only the position has to be right.
    this.newest = now;
  }
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

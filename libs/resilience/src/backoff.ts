import type { Random } from './random.js';

export interface BackoffPolicy {
  /** Upper bound of the first delay. */
  readonly baseMs: number;
  /** Upper bound of every delay. */
  readonly capMs: number;
}

export const DEFAULT_BACKOFF: BackoffPolicy = { baseMs: 200, capMs: 20_000 };

/**
 * How long to wait after the `failures`-th failure in a row (counted from 1): evenly spread between 0 and
 * `min(capMs, baseMs * 2^(failures - 1))`. The spread is the whole range, because callers that failed together
 * would otherwise come back together.
 *
 * With the defaults the upper bounds are 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 20, 20 … seconds.
 *
 * Source: "full jitter", Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function fullJitterMs(policy: BackoffPolicy, failures: number, random: Random): number {
  // Beyond 2^52 the cap has long decided; a larger exponent would only turn into Infinity.
  const doublings = Math.min(52, Math.max(0, failures - 1));
  return random() * Math.min(policy.capMs, policy.baseMs * 2 ** doublings);
}

/** The same, but never before the time a provider asked for in its `Retry-After`. */
export function retryDelayMs(
  policy: BackoffPolicy,
  failures: number,
  random: Random,
  retryAfterMs: number | undefined,
): number {
  return Math.max(fullJitterMs(policy, failures, random), retryAfterMs ?? 0);
}

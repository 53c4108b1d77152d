import type { Share } from '@penstock/scheduling';
import { SlidingWindowLimiter, type Clock } from '@penstock/resilience';
import type { LimitKind } from './limit-kind.js';

const WINDOW_MS = 60_000;

/** A call is taken to have arrived at its provider so long after it was started, if it was not answered before. */
export const ARRIVES_WITHIN_MS = 3_000;

/** The part of a minute's limit that may go out at once after a silence; the rest is spread over the minute. */
const BURST = 0.5;

/** Of what a share is told to be used less than of its permits, so much is used before more is asked for. */
const REARM_AT = 0.5;

/** What this worker holds of one limit of one credential. */
export interface Holding {
  /** Of all workers together. */
  limit: number;
  /** What nobody else may use. */
  permits: number;
  /** What may be in use here before the next renewal. */
  usable: number;
  /** The most that was in use since the last renewal. */
  peak: number;
  /** What a call usually weighs: a decaying average. 1 but for tokens. */
  typical: number;
  /** Whether `typical` has been seen, or is only supposed. */
  known: boolean;
  /** More is asked for when so much is in use. */
  rearmAt: number;
  /** Counts what was used in the last minute. Absent for concurrency. */
  readonly window?: SlidingWindowLimiter;
}

/** What calls are taken to weigh before the first one. */
const FIRST_TYPICAL = 1_000;

export function makeHolding(kind: LimitKind, limit: number, clock: Clock): Holding {
  const bare = { limit, permits: 0, usable: 0, peak: 0, typical: 1, known: false, rearmAt: Infinity };
  if (kind === 'concurrency') return bare;
  const window = new SlidingWindowLimiter(clock, 0, WINDOW_MS, {
    burst: BURST,
    arrivesWithinMs: ARRIVES_WITHIN_MS,
  });
  return { ...bare, typical: kind === 'requests' ? 1 : Math.min(FIRST_TYPICAL, limit), window };
}

/** Lowers what may be used, before others are told that they may use it. */
export function tighten(holding: Holding, usable: number): void {
  holding.usable = Math.min(holding.usable, usable);
  if (holding.window) holding.window.limit = holding.usable;
}

/**
 * Takes over what the book says since it was renewed. Where all that may be used is in use by then, more is asked for at
 * once: no call can start that would.
 */
export function adopt(holding: Holding, share: Share, inUse: number): void {
  holding.permits = share.permits;
  holding.usable = share.usable;
  holding.peak = inUse;
  const more = share.permits > share.usable && inUse <= share.usable;
  holding.rearmAt = more
    ? Math.min(share.usable, inUse + Math.max(1, (share.usable - inUse) * REARM_AT))
    : Infinity;
  if (!holding.window) return;
  holding.window.limit = share.usable;
  holding.window.nominal = Math.max(share.usable, share.permits);
}

/** Takes in what a call weighs. */
export function learnWeight(holding: Holding, weight: number): void {
  holding.typical = holding.known ? holding.typical + (weight - holding.typical) / 8 : weight;
  holding.known = true;
}

/** How much of it should be kept ready for what comes before the next renewal. */
export function readyPermits(holding: Holding): number {
  return Math.max(holding.typical, Math.ceil(holding.permits / 4));
}

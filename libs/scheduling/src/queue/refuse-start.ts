import { refusal, type Refusal } from '@penstock/contracts';
import type { Random } from '@penstock/resilience';

/** What is known of when a waiting job can start. */
export interface ExpectedStart {
  readonly nowMs: number;
  /** By when it has to have started: its class's bound, or its deadline if that is sooner. */
  readonly startByMs: number;
  /** How soon a job has to start that comes when this one may come again. */
  readonly startWithinMs: number;
  /** Jobs that start before it where it waits. */
  readonly ahead: number;
  /** How many of those start a second; undefined while too few did to tell. */
  readonly perSecond: number | undefined;
  /** From when on one of its deployments may be called, by what the providers said; undefined if unknown. */
  readonly reopensAtMs: number | undefined;
  /** One of its deployments has a free slot. */
  readonly hasRoom: boolean;
}

/** A queue may turn out to be so many times as fast as it was measured, before somebody was sent away for nothing. */
const DOUBT = 1.5;

/** Nobody is told to stay away longer for a queue's sake: who waits there now may leave. */
const MAX_QUEUE_MS = 60_000;

/** Told to those who waited in vain and of whose queue nothing is known. */
const DEFAULT_RETRY_MS = 5_000;

/** Those who are sent away together come back spread over this share of their time, and at least this long. */
const SPREAD = { share: 0.1, leastMs: 2_000 };

/**
 * The refusal of a job that cannot start in time, as soon as that is clear: while its providers asked to be left alone
 * until too late, or with so many jobs before it that even a queue faster than the measured one would not do. Undefined
 * for one that may, for any with room, and for all while there is nothing to tell by.
 */
export function refuseStart(expected: ExpectedStart, random: Random): Refusal | undefined {
  const { nowMs, startByMs, hasRoom } = expected;
  if (hasRoom) return undefined;
  const surelyAtMs = Math.max(nowMs, expected.reopensAtMs ?? nowMs) + queueMs(expected) / DOUBT;
  return surelyAtMs > startByMs ? refuseWaiting(expected, random) : undefined;
}

/** The refusal of a job that waited in vain: by whose fault, and when to come again. */
export function refuseWaiting(expected: ExpectedStart, random: Random): Refusal {
  const { nowMs, startByMs, startWithinMs, reopensAtMs = nowMs } = expected;
  const closedMs = Math.max(0, reopensAtMs - nowMs);
  const waitMs = queueMs(expected);
  // By then the queue is short enough for one who joins it.
  const tooLongMs = Math.min(MAX_QUEUE_MS, Math.max(0, waitMs - startWithinMs));
  const known = closedMs > 0 || waitMs > 0;
  const retryAfterMs = spread(known ? closedMs + tooLongMs : DEFAULT_RETRY_MS, random);
  return refusal(closedMs > 0 && reopensAtMs > startByMs ? 'rate_limited' : 'no_capacity', { retryAfterMs });
}

function queueMs({ ahead, perSecond }: ExpectedStart): number {
  if (ahead === 0 || perSecond === undefined) return 0;
  return perSecond > 0 ? (ahead / perSecond) * 1_000 : Infinity;
}

/** Whole seconds, above 0, so that not all come back at once. */
function spread(ms: number, random: Random): number {
  return Math.ceil((ms + random() * Math.max(SPREAD.leastMs, ms * SPREAD.share)) / 1_000) * 1_000 || 1_000;
}

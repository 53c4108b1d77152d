/** When gathered outcomes are written down: rarely while many come, at once when no more will. */
export interface FlushPolicy {
  /** Output lines gathered, in bytes. */
  readonly bytes: number;
  /** How long the first of them may wait. */
  readonly afterMs: number;
}

/**
 * What is shorter than a full part of a file (512 KB) is stored again with what comes behind it. At 2,000 lines a second
 * of half a KB each this time is about a full part; half of it would store every second part twice.
 */
export const DEFAULT_FLUSH: FlushPolicy = { bytes: 1024 * 1024, afterMs: 500 };

export interface Gathered {
  readonly lines: number;
  readonly bytes: number;
  /** How long the first one has waited. */
  readonly ageMs: number;
  /** Lines released whose outcome has not even arrived. */
  readonly missing: number;
  /** Whether more lines are going to be released. */
  readonly more: boolean;
}

export function isFlushDue(gathered: Gathered, policy: FlushPolicy): boolean {
  if (gathered.lines === 0) return false;
  if (gathered.missing === 0 && !gathered.more) return true;
  return gathered.bytes >= policy.bytes || gathered.ageMs >= policy.afterMs;
}

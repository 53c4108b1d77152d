/** When gathered outcomes are written down: rarely while many come, at once when no more will. */
export interface FlushPolicy {
  /** Output lines gathered, in bytes. */
  readonly bytes: number;
  /** How long the first of them may wait. */
  readonly afterMs: number;
}

/**
 * At the pace of one installation, some 800 KB a second, what gathers in this time is a full part of a file: gathered
 * for less, every second part was written twice.
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

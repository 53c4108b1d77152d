/** How fast one call is answered: drawn once, when the call is admitted. */
export interface Pace {
  readonly firstTokenMs: number;
  /** Infinity is at once. */
  readonly tokensPerSecond: number;
}

/** Milliseconds from admission until `tokens` output tokens have been produced. Nothing is before the first token. */
export function producedAfterMs(pace: Pace, tokens: number): number {
  if (tokens <= 1) return pace.firstTokenMs;
  return pace.firstTokenMs + ((tokens - 1) / pace.tokensPerSecond) * 1000;
}

/** Output tokens that have been produced `elapsedMs` after admission; the inverse of `producedAfterMs`. */
export function tokensProducedBy(pace: Pace, elapsedMs: number, total: number): number {
  if (elapsedMs < pace.firstTokenMs || total === 0) return 0;
  if (pace.tokensPerSecond === Infinity) return total;
  return Math.min(total, 1 + Math.floor(((elapsedMs - pace.firstTokenMs) * pace.tokensPerSecond) / 1000));
}

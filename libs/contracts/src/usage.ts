/**
 * Tokens that one attempt used, as the provider counted them.
 *
 * `inputTokens` and `outputTokens` are totals; the other counts are parts of them, never additions to them.
 * A part is absent when the provider did not say.
 */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Part of `inputTokens` that was read from the provider's prompt cache. */
  readonly cachedInputTokens?: number;
  /** Part of `inputTokens` that was written to the provider's prompt cache. */
  readonly cacheWriteTokens?: number;
  /** Part of `outputTokens` that the caller does not see as text. */
  readonly reasoningTokens?: number;
  /**
   * `provider`: read from the provider's answer. `estimated`: the provider charges for the attempt but never
   * said how much (a client that left, a stream that was cut), so Penstock counted what it saw.
   */
  readonly source: 'provider' | 'estimated';
}

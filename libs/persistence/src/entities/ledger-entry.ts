import { Column, Entity } from 'typeorm';

import { AttemptColumns } from './attempt-columns.js';
import { amount, count, nullable, text } from './columns.js';

/**
 * One attempt that the provider charges for, with the price it was made at. There is exactly one for each such
 * attempt, and none for any other; a row is never changed.
 *
 * Prices are micro-USD per million tokens, which is the same number as pico-USD per token.
 */
@Entity({ name: 'ledger' })
export class LedgerEntry extends AttemptColumns {
  @Column(count('input_tokens'))
  inputTokens!: number;

  @Column(count('output_tokens'))
  outputTokens!: number;

  @Column(count('cached_input_tokens'))
  cachedInputTokens!: number;

  @Column(count('cache_write_tokens'))
  cacheWriteTokens!: number;

  @Column(count('reasoning_tokens'))
  reasoningTokens!: number;

  @Column(text('usage_source'))
  usageSource!: string;

  @Column(amount('input_price'))
  inputPrice!: bigint;

  @Column(amount('output_price'))
  outputPrice!: bigint;

  @Column(amount('cached_input_price'))
  cachedInputPrice!: bigint;

  @Column(amount('cache_write_price'))
  cacheWritePrice!: bigint;

  @Column(amount('cost_pico_usd'))
  costPicoUsd!: bigint;

  /** Whom the caller asked for, as it said. */
  @Column(nullable(text('end_user')))
  endUser!: string | null;

  /** The caller's metadata: a JSON object of texts. */
  @Column(nullable(text('metadata')))
  metadata!: string | null;
}

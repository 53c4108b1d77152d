import type { Usage } from '@penstock/contracts';

import type { LedgerPrice } from './ledger-price.js';

/**
 * What an attempt costs, in pico-USD (millionths of a millionth of a dollar), exactly.
 *
 * Input that was read from or written to the provider's cache has a price of its own, and is part of
 * `inputTokens`; reasoning is part of `outputTokens` and costs the same.
 */
export function priceUsage(usage: Usage, price: LedgerPrice): bigint {
  const cached = BigInt(usage.cachedInputTokens ?? 0);
  const written = BigInt(usage.cacheWriteTokens ?? 0);
  const plain = BigInt(usage.inputTokens) - cached - written;
  return (
    plain * price.input +
    cached * price.cachedInput +
    written * price.cacheWrite +
    BigInt(usage.outputTokens) * price.output
  );
}

import type { Price } from '@penstock/contracts';

/**
 * A price as the ledger keeps it: whole micro-USD per million tokens.
 *
 * That is the same number as pico-USD per token, so tokens times price is a whole number of pico-USD and no
 * cost is ever rounded. Providers quote in cents per million tokens, at the finest in thousandths of one; a
 * micro-USD per million is a hundred thousand times finer than a cent. A bigint of Postgres holds nine million
 * dollars for one attempt.
 */
export interface LedgerPrice {
  readonly input: bigint;
  readonly output: bigint;
  readonly cachedInput: bigint;
  readonly cacheWrite: bigint;
}

/** The price of a deployment as configured, with its defaults filled in. */
export function ledgerPrice(price: Price): LedgerPrice {
  const input = microUsd(price.input);
  return {
    input,
    output: microUsd(price.output),
    cachedInput: price.cachedInput === undefined ? input : microUsd(price.cachedInput),
    cacheWrite: price.cacheWrite === undefined ? input : microUsd(price.cacheWrite),
  };
}

/** Rounds away what a float adds: 0.15 * 1e6 is 150,000, and 0.1 + 0.2 dollars are 300,000. */
function microUsd(usd: number): bigint {
  return BigInt(Math.round(usd * 1e6));
}

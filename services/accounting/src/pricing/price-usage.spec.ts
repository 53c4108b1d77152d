import type { Usage } from '@penstock/contracts';
import fc from 'fast-check';

import { ledgerPrice, type LedgerPrice } from './ledger-price.js';
import { priceUsage } from './price-usage.js';

const tokens = fc.integer({ min: 0, max: 10_000_000 });

const usages: fc.Arbitrary<Usage> = fc
  .record({ plain: tokens, cached: tokens, written: tokens, output: tokens })
  .map(({ plain, cached, written, output }) => ({
    inputTokens: plain + cached + written,
    outputTokens: output,
    cachedInputTokens: cached,
    cacheWriteTokens: written,
    source: 'provider',
  }));

const microUsd = fc.bigInt({ min: 0n, max: 1_000_000_000n });
const prices: fc.Arbitrary<LedgerPrice> = fc.record({
  input: microUsd,
  output: microUsd,
  cachedInput: microUsd,
  cacheWrite: microUsd,
});

function sum(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cachedInputTokens: (a.cachedInputTokens ?? 0) + (b.cachedInputTokens ?? 0),
    cacheWriteTokens: (a.cacheWriteTokens ?? 0) + (b.cacheWriteTokens ?? 0),
    source: 'provider',
  };
}

describe('priceUsage', () => {
  it('comes to what a person would reckon', () => {
    const price = ledgerPrice({ input: 0.15, output: 0.6 });
    // 1,000 tokens in at $0.15 a million are $0.00015; 500 out at $0.60 are $0.0003.
    expect(priceUsage({ inputTokens: 1000, outputTokens: 500, source: 'provider' }, price)).toBe(
      450_000_000n,
    );
  });

  it('prices cached and written input apart from the rest', () => {
    const price = ledgerPrice({ input: 3, output: 15, cachedInput: 0.3, cacheWrite: 3.75 });
    const usage: Usage = {
      inputTokens: 1000,
      outputTokens: 10,
      cachedInputTokens: 600,
      cacheWriteTokens: 100,
      reasoningTokens: 5,
      source: 'provider',
    };
    expect(priceUsage(usage, price)).toBe(
      300n * 3_000_000n + 600n * 300_000n + 100n * 3_750_000n + 150_000_000n,
    );
  });

  it('takes the input price for cached and written input where none is set', () => {
    fc.assert(
      fc.property(usages, (usage) => {
        const { cachedInputTokens: _, cacheWriteTokens: __, ...plain } = usage;
        const price = ledgerPrice({ input: 2.5, output: 10 });
        expect(priceUsage(usage, price)).toBe(priceUsage(plain, price));
      }),
    );
  });

  it('is never negative', () => {
    fc.assert(fc.property(usages, prices, (usage, price) => priceUsage(usage, price) >= 0n));
  });

  it('is additive: two attempts cost what one with the tokens of both would', () => {
    fc.assert(
      fc.property(usages, usages, prices, (a, b, price) => {
        expect(priceUsage(a, price) + priceUsage(b, price)).toBe(priceUsage(sum(a, b), price));
      }),
    );
  });

  it('is nothing for no tokens, and never more for a cheaper price', () => {
    fc.assert(
      fc.property(usages, prices, fc.bigInt({ min: 0n, max: 1_000_000n }), (usage, price, more) => {
        expect(priceUsage({ inputTokens: 0, outputTokens: 0, source: 'provider' }, price)).toBe(0n);
        const dearer = { ...price, output: price.output + more };
        expect(priceUsage(usage, dearer)).toBeGreaterThanOrEqual(priceUsage(usage, price));
      }),
    );
  });

  it('stays exact for the largest contexts at the highest prices, where a float does not', () => {
    const price = ledgerPrice({ input: 999.999999, output: 0 });
    const usage: Usage = { inputTokens: 100_000_001, outputTokens: 0, source: 'provider' };
    expect(priceUsage(usage, price)).toBe(999_999_999n * 100_000_001n);
  });
});

describe('ledgerPrice', () => {
  it('keeps every price of up to six decimals as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (micro) => {
        const written = Number(`${Math.floor(micro / 1e6)}.${String(micro % 1e6).padStart(6, '0')}`);
        expect(ledgerPrice({ input: written, output: 0 }).input).toBe(BigInt(micro));
      }),
    );
  });
});

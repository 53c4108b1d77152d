import { seededRandom } from '@penstock/resilience';
import fc from 'fast-check';

import { sample } from './distribution.js';
import { producedAfterMs, tokensProducedBy } from './pace.js';

function draws(distribution: Parameters<typeof sample>[0], count = 4000): number[] {
  const random = seededRandom(3);
  return Array.from({ length: count }, () => sample(distribution, random)).sort((a, b) => a - b);
}

describe('a distribution', () => {
  it('that is a number is that number', () => {
    expect(new Set(draws(7, 10))).toEqual(new Set([7]));
  });

  it('that is uniform stays in its bounds and fills them', () => {
    const values = draws({ uniform: [10, 20] });
    expect(values[0]).toBeGreaterThanOrEqual(10);
    expect(values.at(-1)).toBeLessThan(20);
    expect(values[2000]).toBeCloseTo(15, 0);
  });

  it('that is lognormal has its median and its spread', () => {
    const values = draws({ lognormal: { median: 100, sigma: 0.5 } });
    expect(values[2000]! / 100).toBeCloseTo(1, 1);
    // One standard deviation up is at the 84.1st percentile.
    expect(values[3365]! / (100 * Math.exp(0.5))).toBeCloseTo(1, 1);
  });
});

describe('a pace', () => {
  it('has produced, at the time a token is due, exactly the tokens up to it', () => {
    const paces = fc.record({
      firstTokenMs: fc.nat(500),
      tokensPerSecond: fc.integer({ min: 1, max: 2000 }),
    });
    fc.assert(
      fc.property(paces, fc.integer({ min: 1, max: 500 }), fc.nat(500), (pace, token, more) => {
        const dueMs = producedAfterMs(pace, token);
        expect(tokensProducedBy(pace, dueMs + 1e-6, token + more)).toBe(token);
        if (token > 1) expect(tokensProducedBy(pace, dueMs - 1e-3, token + more)).toBe(token - 1);
      }),
    );
  });
});

import fc from 'fast-check';
import { divideCredits, type RouterClaim } from './divide-credits.js';

describe('divideCredits', () => {
  const claim = (router: string, more: Partial<RouterClaim> = {}): RouterClaim => ({
    ...{ router, granted: 0, running: 0, wanted: 0, urgent: 0 },
    ...more,
  });
  const divide = (free: number, ...claims: RouterClaim[]) => Object.fromEntries(divideCredits(free, claims));

  it('gives a place that became free to the router that has fewer', () => {
    const busy = { wanted: 100 };
    expect(divide(1, claim('a', { ...busy, running: 16 }), claim('b', { ...busy, running: 15 }))).toEqual({
      b: 1,
    });
  });

  it('goes first where people wait, as far as they do', () => {
    const a = claim('a', { wanted: 100 });
    const b = claim('b', { wanted: 3, urgent: 2, running: 30 });
    expect(divide(1, a, b)).toEqual({ b: 1 });
    expect(divide(5, a, b)).toEqual({ b: 2, a: 3 });
  });

  it('leaves nothing with those where nothing waits while others want it, and spreads the rest', () => {
    expect(divide(4, claim('a', { wanted: 4 }), claim('b'))).toEqual({ a: 4 });
    expect(divide(10, claim('a', { wanted: 2 }), claim('b'))).toEqual({ a: 5, b: 5 });
  });

  it('gives all that is free, once', () => {
    const count = fc.nat(20);
    const some = fc.record({ granted: count, running: count, wanted: count, urgent: count });
    fc.assert(
      fc.property(fc.nat(50), fc.array(some, { minLength: 1, maxLength: 5 }), (free, claims) => {
        const given = divideCredits(
          free,
          claims.map((one, i) => ({ router: `r${i}`, ...one })),
        );
        expect([...given.values()].reduce((sum, one) => sum + one, 0)).toBe(free);
      }),
    );
  });
});

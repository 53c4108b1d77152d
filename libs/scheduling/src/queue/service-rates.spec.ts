import * as fc from 'fast-check';
import { ServiceRates } from './service-rates.js';

describe('ServiceRates', () => {
  it('tells a steady rate, whatever the pauses in which nobody waits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 5_000 }),
        fc.array(fc.tuple(fc.integer({ min: 5, max: 40 }), fc.nat(60_000)), { minLength: 1, maxLength: 8 }),
        (everyMs, stretches) => {
          const rates = new ServiceRates();
          let nowMs = 0;
          for (const [starts, pauseMs] of stretches) {
            rates.busy('g', nowMs);
            for (let n = 0; n < starts; n++) rates.started('g', (nowMs += everyMs));
            rates.idle('g', nowMs);
            nowMs += pauseMs;
            // Nobody waited: that it started says nothing of how many could have.
            rates.started('g', nowMs);
          }
          const rate = rates.perSecond('g', nowMs)!;
          expect(rate * everyMs).toBeGreaterThan(990);
          // A start counts whole, and the time before it already half forgotten.
          expect(rate * everyMs).toBeLessThan(1_060);
        },
      ),
    );
  });

  it('tells nothing before enough jobs started, nor of another gate', () => {
    const rates = new ServiceRates();
    rates.busy('g', 0);
    for (let n = 1; n <= 4; n++) rates.started('g', n * 100);
    expect(rates.perSecond('g', 400)).toBeUndefined();
    rates.started('g', 500);
    expect(rates.perSecond('g', 500)).toBeCloseTo(10, 0);
    expect(rates.perSecond('h', 500)).toBeUndefined();
  });

  it('falls while jobs wait and none starts, and forgets a gate that was not used for long', () => {
    const rates = new ServiceRates();
    rates.busy('g', 0);
    for (let n = 1; n <= 10; n++) rates.started('g', n * 100);
    const before = rates.perSecond('g', 1_000)!;
    expect(rates.perSecond('g', 11_000)).toBeLessThan(before / 5);
    rates.idleBut(new Set(), 11_000);
    rates.idleBut(new Set(), 800_000);
    expect(rates.perSecond('g', 800_000)).toBeUndefined();
  });
});

import fc from 'fast-check';
import { ManualClock } from './manual-clock.js';
import { RollingQuantiles } from './rolling-quantiles.js';

describe('RollingQuantiles', () => {
  it('has no answer without samples', () => {
    expect(new RollingQuantiles(new ManualClock()).quantile(0.5)).toBeUndefined();
  });

  it('is off by at most its relative error', () => {
    const samples = fc.array(fc.double({ min: 1, max: 3_600_000, noNaN: true }), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
        const quantiles = new RollingQuantiles(new ManualClock());
        for (const value of values) quantiles.record(value);
        const sorted = values.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1]!;
        expect(Math.abs(quantiles.quantile(q)! - exact)).toBeLessThanOrEqual(exact * 0.02 + 1e-6);
      }),
    );
  });

  it('forgets what is older than its window, step by step', () => {
    const clock = new ManualClock();
    const quantiles = new RollingQuantiles(clock, { windowMs: 1000, slices: 10 });
    quantiles.record(10);
    clock.advance(500);
    quantiles.record(1000);
    expect(quantiles.count).toBe(2);
    clock.advance(500);
    expect(quantiles.count).toBe(1);
    expect(quantiles.quantile(0)).toBeCloseTo(1000, -2);
    clock.advance(1_000_000);
    expect(quantiles.count).toBe(0);
  });

  it('counts what is out of range at its ends, and ignores what is no number', () => {
    const quantiles = new RollingQuantiles(new ManualClock(), { min: 1, max: 100 });
    quantiles.record(NaN);
    expect(quantiles.count).toBe(0);
    quantiles.record(-5);
    expect(quantiles.quantile(1)).toBe(1);
    quantiles.record(Infinity);
    expect(quantiles.quantile(1)).toBeGreaterThan(96);
    expect(quantiles.quantile(1)).toBeLessThanOrEqual(100);
  });
});

import fc from 'fast-check';
import { DecayingAverage } from './decaying-average.js';
import { ManualClock } from './manual-clock.js';

describe('DecayingAverage', () => {
  it('has no value before the first sample, then that sample', () => {
    const average = new DecayingAverage(new ManualClock(), 1000);
    expect(average.value).toBeUndefined();
    average.record(5);
    expect(average.value).toBe(5);
  });

  it('goes half of the way in a half-life', () => {
    const clock = new ManualClock();
    const average = new DecayingAverage(clock, 1000);
    average.record(0);
    clock.advance(1000);
    average.record(100);
    expect(average.value).toBeCloseTo(50);
  });

  it('lies between the smallest and the largest sample', () => {
    const sample = fc.record({ passMs: fc.nat(5000), value: fc.integer({ min: -1000, max: 1000 }) });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1 }), (samples) => {
        const clock = new ManualClock();
        const average = new DecayingAverage(clock, 1000);
        for (const { passMs, value } of samples) {
          clock.advance(passMs);
          average.record(value);
        }
        const values = samples.map((each) => each.value);
        expect(average.value).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
        expect(average.value).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
      }),
    );
  });
});

import fc from 'fast-check';
import { DEFAULT_BACKOFF, fullJitterMs, retryDelayMs } from './backoff.js';
import { seededRandom } from './random.js';

describe('fullJitterMs', () => {
  it('lies between nothing and the doubled base, and never above the cap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (baseMs, capMs, failures, drawn) => {
          const delayMs = fullJitterMs({ baseMs, capMs }, failures, () => drawn);
          expect(delayMs).toBeGreaterThanOrEqual(0);
          expect(delayMs).toBeLessThanOrEqual(Math.min(capMs, baseMs * 2 ** Math.min(52, failures - 1)));
        },
      ),
    );
  });

  it('uses the whole range evenly', () => {
    const random = seededRandom(7);
    const delays = Array.from({ length: 10_000 }, () => fullJitterMs(DEFAULT_BACKOFF, 3, random));
    const mean = delays.reduce((sum, each) => sum + each, 0) / delays.length;
    expect(mean).toBeGreaterThan(390);
    expect(mean).toBeLessThan(410);
    expect(Math.min(...delays)).toBeLessThan(5);
    expect(Math.max(...delays)).toBeGreaterThan(795);
  });
});

describe('retryDelayMs', () => {
  it('is never before what the provider asked for', () => {
    expect(retryDelayMs(DEFAULT_BACKOFF, 1, () => 0.99, 7000)).toBe(7000);
    expect(retryDelayMs(DEFAULT_BACKOFF, 1, () => 0.5, undefined)).toBe(100);
    expect(retryDelayMs(DEFAULT_BACKOFF, 1, () => 0.5, 20)).toBe(100);
  });
});

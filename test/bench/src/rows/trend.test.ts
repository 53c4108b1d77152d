import { seededRandom } from '@penstock/resilience';
import { trendOf, troughs } from './trend.js';

describe('trendOf', () => {
  it('finds growth under noise', () => {
    const random = seededRandom(7);
    const growing = Array.from({ length: 30 }, (_, i) => 300 + i + 10 * random());
    const { slopePerStep, p } = trendOf(growing);
    expect(p).toBeLessThan(0.001);
    expect(slopePerStep).toBeGreaterThan(0.7);
    expect(slopePerStep).toBeLessThan(1.3);
  });

  it('finds none in noise, and none in shrinking', () => {
    const random = seededRandom(7);
    expect(trendOf(Array.from({ length: 30 }, () => 300 + 10 * random())).p).toBeGreaterThan(0.01);
    expect(trendOf(Array.from({ length: 30 }, (_, i) => 300 - i)).p).toBeGreaterThan(0.99);
  });

  it('knows what the tables say of a short row: 10 of 10 pairs in order, n = 5', () => {
    // S = 10, variance = 5 * 4 * 15 / 18, z = 9 / 4.0825.
    expect(trendOf([1, 2, 3, 4, 5]).p).toBeCloseTo(0.0137, 3);
  });

  it('has nothing to say of figures that do not change', () => {
    expect(trendOf([4, 4, 4, 4])).toEqual({ slopePerStep: 0, p: expect.closeTo(0.5) as number });
  });
});

describe('troughs', () => {
  it('takes the least of each stretch', () => {
    expect(troughs([5, 3, 9, 8, 7, 10], 3)).toEqual([3, 8, 7]);
    expect(troughs([2, 1], 30)).toEqual([2, 1]);
  });
});

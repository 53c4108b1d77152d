import { StartRate } from './start-rate.js';

describe('StartRate', () => {
  it('finds a steady rate soon after the first start, and follows one that changes', () => {
    const rate = new StartRate(10_000);
    let nowMs = 1_700_000_000_000;
    for (let i = 0; i < 50; i++) rate.record((nowMs += 100));
    expect(rate.perSecond(nowMs)).toBeGreaterThan(9);
    expect(rate.perSecond(nowMs)).toBeLessThan(11);
    for (let i = 0; i < 100; i++) rate.record((nowMs += 1_000));
    expect(rate.perSecond(nowMs)).toBeGreaterThan(0.9);
    expect(rate.perSecond(nowMs)).toBeLessThan(1.2);
    expect(rate.expectedStartMs(10, nowMs)! - nowMs).toBeGreaterThan(8_000);
    expect(rate.expectedStartMs(10, nowMs)! - nowMs).toBeLessThan(11_500);
  });

  it('says nothing while nothing has started, but that the first in line starts now', () => {
    const rate = new StartRate();
    expect(rate.expectedStartMs(3, 5_000)).toBeUndefined();
    expect(rate.expectedStartMs(0, 5_000)).toBe(5_000);
  });
});

import fc from 'fast-check';

import { SlidingWindow } from './sliding-window.js';

const steps = fc.array(
  fc.record({ waitMs: fc.constantFrom(0, 1, 10, 250, 999, 1000), amount: fc.nat(9), add: fc.boolean() }),
  { maxLength: 300 },
);

describe('a sliding window', () => {
  it('counts and adds up just what happened within its span, at any time', () => {
    fc.assert(
      fc.property(steps, (events) => {
        const window = new SlidingWindow(1000);
        const log: { atMs: number; amount: number }[] = [];
        let nowMs = 0;
        for (const { waitMs, amount, add } of events) {
          nowMs += waitMs;
          if (add) {
            window.add(nowMs, amount);
            log.push({ atMs: nowMs, amount });
          }
          const within = log.filter(({ atMs }) => atMs > nowMs - 1000);
          expect(window.count(nowMs)).toBe(within.length);
          expect(window.total(nowMs)).toBe(within.reduce((sum, event) => sum + event.amount, 0));
        }
      }),
    );
  });

  it('says to the millisecond when there is room again', () => {
    fc.assert(
      fc.property(steps, fc.nat(20), fc.nat(60), (events, count, total) => {
        const atTheEnd = () => {
          const window = new SlidingWindow(1000);
          let nowMs = 0;
          for (const { waitMs, amount } of events) window.add((nowMs += waitMs), amount);
          return { window, nowMs };
        };
        const { window, nowMs } = atTheEnd();
        const countAtMs = nowMs + window.countInMs(nowMs, count);
        const totalAtMs = nowMs + window.totalInMs(nowMs, total);
        if (countAtMs > nowMs) expect(atTheEnd().window.count(countAtMs - 1)).toBeGreaterThan(count);
        expect(atTheEnd().window.count(countAtMs)).toBeLessThanOrEqual(count);
        if (totalAtMs > nowMs) expect(atTheEnd().window.total(totalAtMs - 1)).toBeGreaterThan(total);
        expect(atTheEnd().window.total(totalAtMs)).toBeLessThanOrEqual(total);
      }),
    );
  });
});

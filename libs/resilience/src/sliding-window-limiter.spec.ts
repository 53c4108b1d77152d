import fc from 'fast-check';
import { ManualClock } from './manual-clock.js';
import { SlidingWindowLimiter, type Permit } from './sliding-window-limiter.js';

const WINDOW_MS = 1000;

describe('SlidingWindowLimiter', () => {
  const setup = (limit: number) => {
    const clock = new ManualClock();
    return { clock, limiter: new SlidingWindowLimiter(clock, limit, WINDOW_MS) };
  };

  it('reuses weight a whole window after the answer, not after the sending', () => {
    const { clock, limiter } = setup(1);
    const permit = limiter.tryTake();
    clock.advance(400);
    permit?.answered();
    clock.advance(WINDOW_MS - 1);
    expect(limiter.tryTake()).toBeUndefined();
    clock.advance(1);
    expect(limiter.tryTake()).toBeDefined();
  });

  it('gives back at once what was never sent', () => {
    const { limiter } = setup(1);
    const permit = limiter.tryTake();
    permit?.unused();
    permit?.answered();
    expect(limiter.available).toBe(1);
    expect(limiter.tryTake()).toBeDefined();
  });

  it('counts the actual weight once it is known', () => {
    const { clock, limiter } = setup(100);
    limiter.tryTake(80)?.answered(30);
    expect(limiter.available).toBe(70);
    limiter.tryTake(70)?.answered(90);
    expect(limiter.available).toBe(0);
    clock.advance(WINDOW_MS);
    expect(limiter.available).toBe(100);
  });

  it('says how long to wait', () => {
    const { clock, limiter } = setup(3);
    const slow = limiter.tryTake(1);
    limiter.tryTake(1)?.answered();
    clock.advance(300);
    limiter.tryTake(1)?.answered();
    expect(limiter.waitMs(1)).toBe(700);
    expect(limiter.waitMs(2)).toBe(1000);
    expect(limiter.waitMs(3)).toBeUndefined();
    expect(limiter.waitMs(4)).toBe(Infinity);
    slow?.answered();
    expect(limiter.waitMs(3)).toBe(1000);
  });

  it('takes over a new limit', () => {
    const { limiter } = setup(1);
    limiter.tryTake();
    limiter.limit = 2;
    expect(limiter.available).toBe(1);
    limiter.limit = 0;
    expect(limiter.available).toBe(0);
    expect(limiter.tryTake()).toBeUndefined();
  });

  it('is never exceeded in any window at a server that counts arrivals, wherever these fall', () => {
    const call = fc.record({
      passMs: fc.nat(400),
      weight: fc.integer({ min: 1, max: 3 }),
      latencyMs: fc.nat(900),
      arrivesAt: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(call, { maxLength: 80 }), (limit, calls) => {
        const { clock, limiter } = setup(limit);
        const arrivals: { atMs: number; weight: number }[] = [];
        for (const { passMs, weight, latencyMs, arrivesAt } of calls) {
          clock.advance(passMs);
          const permit = limiter.tryTake(weight);
          if (!permit) continue;
          arrivals.push({ atMs: clock.monotonicMs() + latencyMs * arrivesAt, weight });
          clock.after(latencyMs, () => permit.answered());
        }
        for (const { atMs: endMs } of arrivals) {
          const seen = arrivals.filter(({ atMs }) => atMs > endMs - WINDOW_MS && atMs <= endMs);
          expect(seen.reduce((sum, each) => sum + each.weight, 0)).toBeLessThanOrEqual(limit);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is back at its whole limit when all is over, after many thousand calls', () => {
    const { clock, limiter } = setup(10);
    for (let i = 0; i < 20_000; i++) {
      const permits: Permit[] = [];
      for (let permit = limiter.tryTake(); permit; permit = limiter.tryTake()) permits.push(permit);
      for (const permit of permits) permit.answered();
      clock.advance(500);
    }
    clock.advance(WINDOW_MS);
    expect(limiter.available).toBe(10);
  });
});

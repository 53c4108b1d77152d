import fc from 'fast-check';
import { ManualClock } from './manual-clock.js';
import { SlidingWindowLimiter, type Permit } from './sliding-window-limiter.js';

const WINDOW_MS = 1000;

describe('SlidingWindowLimiter', () => {
  const setup = (limit: number, options = {}) => {
    const clock = new ManualClock();
    return { clock, limiter: new SlidingWindowLimiter(clock, limit, WINDOW_MS, options) };
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

  it('spreads what is beyond the burst, and is fully used all the same', () => {
    const clock = new ManualClock();
    const limiter = new SlidingWindowLimiter(clock, 100, 60_000, { burst: 0.5 });
    const starts: number[] = [];
    for (; clock.monotonicMs() < 300_000; clock.advance(20)) {
      for (let permit = limiter.tryTake(); permit; permit = limiter.tryTake()) {
        starts.push(clock.monotonicMs());
        const { answered } = permit;
        clock.after(400, () => answered());
      }
    }
    expect(starts.filter((atMs) => atMs === 0)).toHaveLength(51);
    // Once the burst is over and forgotten, any minute is full, and none of it waits for long.
    const counts = [];
    for (let fromMs = 61_000; fromMs <= 240_000; fromMs += 500)
      counts.push(starts.filter((atMs) => atMs >= fromMs && atMs < fromMs + 60_000).length);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(97);
    expect(Math.max(...counts)).toBeLessThanOrEqual(100);
    const late = starts.filter((atMs) => atMs > 61_000);
    expect(Math.max(...late.slice(1).map((atMs, i) => atMs - late[i]!))).toBeLessThan(2_500);
  });

  it('gives the pace back with the weight that was not used', () => {
    const { limiter } = setup(1_000, { burst: 0.1 });
    limiter.tryTake(500)?.answered(0);
    expect(limiter.tryTake(500)).toBeDefined();
    expect(limiter.tryTake(1)).toBeUndefined();
    expect(limiter.waitMs(1)).toBeCloseTo(492, 0);
  });

  it('tells what comes back and when, in steps', () => {
    const { clock, limiter } = setup(10);
    limiter.tryTake(2)?.answered();
    clock.advance(30);
    limiter.tryTake(3)?.answered();
    limiter.tryTake(4);
    expect(limiter.returns(500)).toEqual([{ inMs: 1_000, weight: 5 }]);
    expect(limiter.returns(10)).toEqual([
      { inMs: 970, weight: 2 },
      { inMs: 1_000, weight: 3 },
    ]);
    expect(limiter.inUse).toBe(9);
  });

  it.each([1, 0.5])(
    'is never exceeded in any window (burst %d) at a server that counts arrivals, wherever these fall',
    (burst) => {
      const call = fc.record({
        passMs: fc.nat(400),
        weight: fc.integer({ min: 1, max: 3 }),
        latencyMs: fc.nat(900),
        arrivesAt: fc.double({ min: 0, max: 1, noNaN: true }),
      });
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 6 }), fc.array(call, { maxLength: 80 }), (limit, calls) => {
          const { clock, limiter } = setup(limit, { burst });
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
    },
  );

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

import fc from 'fast-check';
import { ManualClock } from './manual-clock.js';
import { TokenBucket } from './token-bucket.js';

describe('TokenBucket', () => {
  it('says how long to wait, and it is enough', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket(clock, { capacity: 10, refillPerSecond: 4 });
    expect(bucket.tryTake(10)).toBe(true);
    expect(bucket.waitMs(3)).toBe(750);
    clock.advance(749);
    expect(bucket.tryTake(3)).toBe(false);
    clock.advance(1);
    expect(bucket.tryTake(3)).toBe(true);
  });

  it('can never give more than it holds', () => {
    const bucket = new TokenBucket(new ManualClock(), { capacity: 10, refillPerSecond: 4 });
    expect(bucket.waitMs(11)).toBe(Infinity);
    bucket.giveBack(100);
    expect(bucket.available).toBe(10);
  });

  it('goes below zero for a use that was larger than reserved, and recovers', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket(clock, { capacity: 10, refillPerSecond: 10 });
    bucket.charge(30);
    expect(bucket.available).toBe(-20);
    clock.advance(2000);
    expect(bucket.available).toBeCloseTo(0);
  });

  it('lets through at most its capacity and the refill in any stretch of time', () => {
    const step = fc.record({ passMs: fc.nat(500), amount: fc.integer({ min: 1, max: 6 }) });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 20 }),
        fc.array(step),
        (capacity, rate, steps) => {
          const clock = new ManualClock();
          const bucket = new TokenBucket(clock, { capacity, refillPerSecond: rate });
          const taken: { atMs: number; amount: number }[] = [];
          for (const { passMs, amount } of steps) {
            clock.advance(passMs);
            if (!bucket.tryTake(amount)) continue;
            taken.push({ atMs: clock.monotonicMs(), amount });
            let sum = 0;
            for (const { atMs, amount } of taken.toReversed()) {
              sum += amount;
              expect(sum).toBeLessThanOrEqual(capacity + ((clock.monotonicMs() - atMs) / 1000) * rate + 1e-6);
            }
          }
        },
      ),
    );
  });
});

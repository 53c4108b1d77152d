import fc from 'fast-check';
import { ManualClock } from './manual-clock.js';
import { RetryBudget } from './retry-budget.js';

describe('RetryBudget', () => {
  it('grants the minimum without any traffic, and no more', () => {
    const budget = new RetryBudget(new ManualClock(), { minimum: 3 });
    expect([1, 2, 3, 4].map(() => budget.tryRetry())).toEqual([true, true, true, false]);
  });

  it('grants a share of the first attempts', () => {
    const budget = new RetryBudget(new ManualClock(), { minimum: 0, share: 0.2 });
    for (let i = 0; i < 100; i++) budget.recordFirst();
    let granted = 0;
    while (budget.tryRetry()) granted++;
    expect(granted).toBe(20);
  });

  it('forgets after its window', () => {
    const clock = new ManualClock();
    const budget = new RetryBudget(clock, { minimum: 1, share: 1, windowMs: 1000 });
    budget.recordFirst();
    expect(budget.remaining()).toBe(2);
    clock.advance(1000);
    expect(budget.remaining()).toBe(1);
    budget.tryRetry();
    expect(budget.remaining()).toBe(0);
    clock.advance(100_000);
    expect(budget.remaining()).toBe(1);
  });

  it('never grants above its share of the same window', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(5),
        fc.array(fc.oneof(fc.constantFrom('first', 'retry'), fc.nat(400)), { maxLength: 300 }),
        (share, minimum, steps) => {
          const clock = new ManualClock();
          const budget = new RetryBudget(clock, { share, minimum, windowMs: 1000 });
          const firsts: number[] = [];
          const retries: number[] = [];
          for (const step of steps) {
            if (typeof step === 'number') clock.advance(step);
            else if (step === 'first') {
              budget.recordFirst();
              firsts.push(clock.monotonicMs());
            } else if (budget.tryRetry()) {
              retries.push(clock.monotonicMs());
              // The window in tenths: the current one and the nine before it.
              const oldest = (Math.floor(clock.monotonicMs() / 100) - 9) * 100;
              const within = (times: number[]) => times.filter((atMs) => atMs >= oldest).length;
              expect(within(retries)).toBeLessThanOrEqual(share * within(firsts) + minimum);
            }
          }
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { ManualClock } from './manual-clock.js';
import { RollingCount } from './rolling-count.js';

describe('RollingCount', () => {
  it('counts all of the window, and nothing that is older', () => {
    const steps = fc.array(fc.tuple(fc.nat(4_000), fc.nat(5)), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (script) => {
        const clock = new ManualClock();
        const count = new RollingCount(clock, 10_000, 10);
        const events: { atMs: number; count: number }[] = [];
        for (const [passedMs, added] of script) {
          clock.advance(passedMs);
          if (added > 0) count.add(added);
          events.push({ atMs: clock.monotonicMs(), count: added });
          const since = (ms: number) =>
            events
              .filter(({ atMs }) => clock.monotonicMs() - atMs < ms)
              .reduce((sum, event) => sum + event.count, 0);
          expect(count.total).toBeGreaterThanOrEqual(since(9_000));
          expect(count.total).toBeLessThanOrEqual(since(10_000));
        }
      }),
    );
  });
});

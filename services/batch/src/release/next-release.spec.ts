import fc from 'fast-check';
import { nextRelease } from './next-release.js';

const window = { outstanding: 20, flight: 7 };

describe('the release window', () => {
  it('never has more lines out than it allows, never stops before the last, whatever order outcomes come in', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (total, arrivals) => {
        let released = 0;
        let arrived = 0;
        for (const some of arrivals) {
          const count = nextRelease({ total, released, arrived }, window);
          expect(count).toBeLessThanOrEqual(window.flight);
          released += count;
          expect(released - arrived).toBeLessThanOrEqual(window.outstanding);
          if (arrived === total) break;
          expect(released).toBeGreaterThan(arrived);
          arrived = Math.min(released, arrived + some);
        }
        expect(released).toBe(total);
      }),
    );
  });

  it('does not release line by line as outcomes trickle in', () => {
    expect(nextRelease({ total: 100, released: 20, arrived: 1 }, window)).toBe(0);
    expect(nextRelease({ total: 100, released: 20, arrived: 5 }, window)).toBe(5);
  });
});

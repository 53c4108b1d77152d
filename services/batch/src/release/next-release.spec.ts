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
    expect(nextRelease({ total: 100, released: 20, arrived: 5 }, window)).toBe(4);
  });

  it('cuts no bundle in two, but where there is no room for a whole one, or the file ends', () => {
    const wide = { outstanding: 200, flight: 100 };
    expect(nextRelease({ total: 1_000, released: 0, arrived: 0 }, wide)).toBe(96);
    expect(nextRelease({ total: 1_000, released: 100, arrived: 50 }, wide)).toBe(100);
    expect(nextRelease({ total: 110, released: 96, arrived: 96 }, wide)).toBe(14);
    expect(nextRelease({ total: 100, released: 0, arrived: 0 }, { outstanding: 5, flight: 5 })).toBe(5);
  });
});

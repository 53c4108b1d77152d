import type { RouterHeartbeat } from '@penstock/contracts';
import * as fc from 'fast-check';
import { PaceBook, type JoiningJob } from './pace-book.js';

const NONE = { jobs: 0, weight: 0 };

const heartbeat = (
  router: string,
  perSecond: number,
  standard = NONE,
  interactive = NONE,
): RouterHeartbeat => ({
  router,
  wanted: {},
  draining: false,
  pace: { perSecond, waiting: { interactive, standard, batch: NONE } },
});

const joining = (aheadInLane: number, weight = 1): JoiningJob => ({ class: 'standard', weight, aheadInLane });

describe('PaceBook', () => {
  it('tells nothing while no router does, and nothing by one that fell silent or leaves', () => {
    const book = new PaceBook();
    expect(book.expectedStartMs(joining(0), 0)).toBeUndefined();
    book.heard(heartbeat('r1', 10), 0);
    expect(book.expectedStartMs(joining(0), 1_000)).toBe(1_000);
    expect(book.expectedStartMs(joining(0), 3_501)).toBeUndefined();
    book.heard(heartbeat('r1', 10), 4_000);
    book.heard({ ...heartbeat('r1', 10), draining: true }, 4_001);
    expect(book.expectedStartMs(joining(0), 4_001)).toBeUndefined();
  });

  it('counts all routers, what is more urgent, and the fair part of the other tenants', () => {
    const book = new PaceBook();
    book.heard(heartbeat('r1', 4, { jobs: 100, weight: 2 }, { jobs: 20, weight: 1 }), 0);
    book.heard(heartbeat('r2', 6, { jobs: 90, weight: 2 }), 0);
    // 20 that are urgent, 10 of its own lane and 10 of the other's, at ten a second.
    expect(book.expectedStartMs(joining(10), 0)).toBe(4_000);
    // With three times the weight it need not wait for as many.
    expect(book.expectedStartMs(joining(10, 1.5), 0)).toBeLessThan(4_000);
  });

  it('tells nothing of one that has others before it while none has started yet', () => {
    const book = new PaceBook();
    book.heard(heartbeat('r1', 0), 0);
    expect(book.expectedStartMs(joining(3), 0)).toBeUndefined();
  });

  it('expects no job before those of its lane that stand before it', () => {
    fc.assert(
      fc.property(
        fc.nat(500),
        fc.nat(500),
        fc.integer({ min: 1, max: 100 }),
        fc.nat(1_000),
        (a, b, rate, jobs) => {
          const book = new PaceBook();
          book.heard(heartbeat('r1', rate, { jobs, weight: 5 }), 0);
          const [first, second] = [Math.min(a, b), Math.max(a, b)];
          expect(book.expectedStartMs(joining(first), 0)).toBeLessThanOrEqual(
            book.expectedStartMs(joining(second), 0)!,
          );
        },
      ),
    );
  });
});

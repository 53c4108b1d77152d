import * as fc from 'fast-check';
import { EMPTY_SHARES, leaveShare, usableOf, renewShare, type ShareBook } from './share-book.js';
import { splitByDemand } from './split-by-demand.js';

const times = { leaseMs: 3_000, quarantineMs: 2_000 };

describe('splitByDemand', () => {
  const split = (limit: number, wants: Record<string, number>) =>
    Object.fromEntries(
      splitByDemand(
        limit,
        Object.entries(wants).map(([id, wanted]) => ({ id, wants: wanted })),
      ),
    );

  it('gives small demands what they want and splits the rest evenly', () => {
    expect(split(100, { a: 10, b: 1_000, c: 1_000 })).toEqual({ a: 10, b: 45, c: 45 });
    expect(split(100, { a: 1_000, b: 1_000, c: 1_000 })).toEqual({ a: 33, b: 33, c: 34 });
    expect(split(2, { a: 1, b: 1, c: 1 })).toEqual({ a: 0, b: 1, c: 1 });
  });

  it('spreads what nobody wants', () => {
    expect(split(9, { a: 0, b: 0, c: 0 })).toEqual({ a: 3, b: 3, c: 3 });
    expect(split(5, {})).toEqual({});
  });

  it('hands out exactly the limit in whole permits, none more than wanted while another lacks', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.array(fc.nat(200), { minLength: 1, maxLength: 12 }), (limit, wants) => {
        const demands = wants.map((wanted, i) => ({ id: `w${i}`, wants: wanted }));
        const parts = splitByDemand(limit, demands);
        const values = demands.map(({ id }) => parts.get(id)!);
        expect(values.reduce((sum, part) => sum + part, 0)).toBe(limit);
        for (const part of values) expect(Number.isInteger(part) && part >= 0).toBe(true);
        const lacking = demands.filter(({ id, wants: wanted }) => parts.get(id)! < wanted);
        for (const poor of lacking) {
          for (const { id } of demands) expect(parts.get(id)!).toBeLessThanOrEqual(parts.get(poor.id)! + 1);
        }
      }),
    );
  });
});

describe('the share book', () => {
  const renew = (book: ShareBook, holder: string, nowMs: number, more: object = {}) =>
    renewShare(book, { holder, limit: 90, wants: 1_000, inUse: 0, nowMs, ...times, ...more });

  it('gives the first all, and a joiner its part as soon as the first has renewed', () => {
    let book = renew(EMPTY_SHARES, 'a', 0);
    expect(usableOf(book, 'a', 0)).toBe(90);
    book = renew(book, 'b', 100);
    expect(usableOf(book, 'b', 100)).toBe(0);
    book = renew(book, 'a', 1_000);
    expect(usableOf(book, 'a', 1_000)).toBe(45);
    book = renew(book, 'b', 1_100);
    expect(usableOf(book, 'b', 1_100)).toBe(45);
  });

  it('lets nobody give up what is in use', () => {
    let book = renew(EMPTY_SHARES, 'a', 0);
    book = renew(book, 'b', 100);
    book = renew(book, 'a', 1_000, { inUse: 80 });
    book = renew(book, 'b', 1_100);
    expect([book.holders['a']?.permits, usableOf(book, 'b', 1_100)]).toEqual([80, 10]);
    // It may start nothing before it is down to its part, else it would never get there.
    expect(usableOf(book, 'a', 1_100)).toBe(45);
  });

  it('misses no more of one that died than it could have had in use', () => {
    let book = renew(EMPTY_SHARES, 'a', 0, { inUse: 20, exposes: 30 });
    expect([usableOf(book, 'a', 0), book.holders['a']?.permits]).toEqual([30, 90]);
    book = renew(book, 'b', 3_000);
    expect(usableOf(book, 'b', 3_000)).toBe(60);
  });

  it('gets back from one that died what is known to come back, when it does', () => {
    const returning = [
      [3_500, 20],
      [4_000, 10],
    ];
    let book = renew(EMPTY_SHARES, 'a', 0, { inUse: 30, exposes: 40, returning });
    const usable = (nowMs: number) => usableOf((book = renew(book, 'b', nowMs)), 'b', nowMs);
    expect([3_000, 3_500, 4_000, 5_000].map(usable)).toEqual([50, 70, 80, 90]);
  });

  it('gives what is needed to start anything before it splits the rest', () => {
    const needs = { limit: 10, needs: 4 };
    let book = renew(EMPTY_SHARES, 'a', 0, needs);
    for (const nowMs of [0, 1, 2]) for (const id of ['a', 'b', 'c']) book = renew(book, id, nowMs, needs);
    expect(['a', 'b', 'c'].map((id) => usableOf(book, id, 2)).toSorted()).toEqual([2, 4, 4]);
  });

  it('keeps the share of one that died until its lease and quarantine are over', () => {
    let book = renew(EMPTY_SHARES, 'a', 0);
    book = renew(book, 'b', 100);
    expect(usableOf(renew(book, 'b', 3_050), 'b', 3_050)).toBe(0);
    expect(usableOf(renew(book, 'b', 4_999), 'b', 4_999)).toBe(0);
    expect(usableOf(renew(book, 'b', 5_000), 'b', 5_000)).toBe(90);
  });

  it('frees the share of one that leaves in order at once, but for what it still has under way', () => {
    let book = renew(EMPTY_SHARES, 'a', 0);
    book = renew(book, 'b', 100);
    book = leaveShare(book, { holder: 'a', inUse: 5, nowMs: 200, ...times });
    book = renew(book, 'b', 300);
    expect(usableOf(book, 'b', 300)).toBe(85);
    expect(usableOf(renew(book, 'b', 2_300), 'b', 2_300)).toBe(90);
  });

  const WORKERS = ['a', 'b', 'c', 'd'] as const;

  it.each([
    { what: 'calls under way', leaseMs: 3_000, known: false },
    { what: 'what a window counts', leaseMs: 500, known: true },
  ])(
    'never lets more be in use than the limit, of $what, whatever joins, renews, leaves and dies',
    ({ leaseMs, known }) => {
      const quarantineMs = 2_000;
      const happening = fc.record({
        kind: fc.constantFrom('renew', 'renew', 'renew', 'start', 'start', 'start', 'end', 'leave', 'pass'),
        worker: fc.constantFrom(...WORKERS),
        wants: fc.nat(30),
        needs: fc.nat(5),
        exposes: fc.option(fc.nat(30), { nil: Infinity }),
        ms: fc.nat(1_500),
      });
      fc.assert(
        fc.property(
          fc.integer({ min: 0, max: 25 }),
          fc.array(happening, { maxLength: 300 }),
          (limit, script) => {
            let book = EMPTY_SHARES;
            let nowMs = 0;
            // When each of the permits in use was taken, by worker; it is in use for as long as the quarantine.
            const taken = new Map<string, number[]>(WORKERS.map((worker) => [worker, []]));
            for (const { kind, worker, wants, needs, exposes, ms } of script) {
              const mine = taken.get(worker)!;
              const inUse = mine.length;
              const returning = known ? mine.map((atMs) => [atMs + quarantineMs, 1] as const) : [];
              const said = { holder: worker, inUse, returning, nowMs, quarantineMs };
              if (kind === 'renew')
                book = renewShare(book, { ...said, limit, wants, needs, exposes, leaseMs });
              else if (kind === 'leave') book = leaveShare(book, said);
              else if (kind === 'start') {
                if (inUse < usableOf(book, worker, nowMs)) mine.push(nowMs);
              } else if (kind === 'end') {
                if (!known) mine.pop();
              } else {
                nowMs += ms;
                for (const [id, atMs] of taken)
                  taken.set(
                    id,
                    atMs.filter((one) => one + quarantineMs > nowMs),
                  );
              }
              const total = [...taken.values()].reduce((sum, one) => sum + one.length, 0);
              expect(total).toBeLessThanOrEqual(limit);
            }
          },
        ),
        { numRuns: 1_000 },
      );
    },
  );

  it('uses the whole limit once everyone has renewed three times', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.array(fc.nat(300), { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(7), { maxLength: 30 }),
        (limit, wants, before) => {
          let book = EMPTY_SHARES;
          const step = (i: number, nowMs: number) => {
            book = renewShare(book, { holder: `w${i}`, limit, wants: wants[i]!, inUse: 0, nowMs, ...times });
          };
          for (const i of before) if (i < wants.length) step(i, 0);
          for (let round = 0; round < 3; round++) wants.forEach((_, i) => step(i, round));
          const held = wants.map((_, i) => usableOf(book, `w${i}`, 3));
          expect(held.reduce((sum, permits) => sum + permits, 0)).toBe(limit);
        },
      ),
    );
  });
});

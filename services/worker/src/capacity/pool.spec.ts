import fc from 'fast-check';
import { renewShare, usableOf, EMPTY_SHARES } from '@penstock/scheduling';
import { ManualClock } from '@penstock/resilience';
import type { Limits } from '@penstock/contracts';
import { leaveRecord, LEASE_MS, renewRecord, type CapacityRecord } from './capacity-record.js';
import { adopt, tighten } from './holding.js';
import { Pool, type Credential } from './pool.js';
import { SlotBoard } from './slot-board.js';
import type { Seat } from './seat.js';

const SMALL = { inputTokens: 10, outputTokens: 90 };

describe('the room at a deployment', () => {
  const setup = (limits: Limits, workers = 1, onNews: () => void = () => undefined) => {
    const clock = new ManualClock();
    let record: CapacityRecord | undefined;
    const make = (i: number) =>
      new Pool('sim/small', { name: `key${i}`, limits } as unknown as Credential, clock, onNews);
    const pools = Array.from({ length: workers }, (_, i) => make(i));
    const renew = (pool: Pool, wanted = 1_000, meanwhile: () => void = () => undefined) => {
      const worker = pool.credential.name;
      record = renewRecord(record, pool, { worker, nowMs: clock.nowMs(), abandonedMs: 1_000, wanted });
      for (const [kind, holding] of pool.holdings)
        tighten(holding, usableOf(record.shares[kind]!, worker, clock.nowMs()));
      meanwhile();
      for (const [kind, holding] of pool.holdings)
        adopt(holding, record.shares[kind]!.holders[worker]!, pool.inUse(kind));
      pool.leaseEndsMs = clock.monotonicMs() + LEASE_MS;
    };
    const leave = (pool: Pool) => {
      const worker = pool.credential.name;
      record = leaveRecord(record, pool, { worker, nowMs: clock.nowMs(), abandonedMs: 1_000, wanted: 0 });
    };
    const fill = (pool: Pool): Seat[] => {
      const seats: Seat[] = [];
      while (pool.room(clock.nowMs()) > 0) seats.push(pool.start(SMALL));
      return seats;
    };
    return { clock, pools, pool: pools[0]!, renew, leave, fill };
  };
  const usage = (outputTokens: number) => ({ inputTokens: 10, outputTokens, source: 'provider' as const });

  it('is all of the limit for one worker, at once', () => {
    const { pool, renew, fill } = setup({ concurrency: 12 });
    renew(pool);
    expect(fill(pool)).toHaveLength(12);
  });

  it('grows to all of the limit while it is used up, although nobody has said yet what waits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.nat(9),
        fc.boolean(),
        (concurrency, waited, isFilledMeanwhile) => {
          let asked = 1;
          const { pool, renew, fill } = setup({ concurrency }, 1, () => asked++);
          // What is exposed in the end depends on what was before.
          renew(pool, 0);
          renew(pool, waited * 200);
          for (let renewals = 0; asked > 0; renewals++) {
            expect(renewals).toBeLessThan(8);
            asked = 0;
            renew(pool, 0, () => isFilledMeanwhile && fill(pool));
            pool.noteUse();
            fill(pool);
          }
          expect(pool.running).toBe(concurrency);
        },
      ),
    );
  });

  it('is nothing once the shares have not been renewed', () => {
    const { clock, pool, renew } = setup({ concurrency: 12 });
    renew(pool);
    clock.advance(LEASE_MS);
    expect(pool.room(clock.nowMs())).toBe(0);
  });

  it('is there at once for the next worker when the last one left in order', () => {
    const { clock, pools, renew, leave, fill } = setup({ concurrency: 12, rpm: 100 }, 2);
    const [one, next] = pools as [Pool, Pool];
    renew(one);
    for (const seat of fill(one)) seat.end({ kind: 'succeeded', usage: usage(1) });
    clock.advance(3_000);
    renew(one);
    leave(one);
    renew(next);
    // Less what the provider's minute still counts of the first one.
    expect([next.holdings.get('concurrency')?.usable, next.holdings.get('requests')?.usable]).toEqual([
      12, 88,
    ]);
    clock.advance(70_000);
    renew(next);
    expect(next.holdings.get('requests')?.usable).toBe(100);
  });

  it('reserves the most that a call may use of tokens, and takes back what it did not', () => {
    const { clock, pool, renew, fill } = setup({ tpm: 1_000 });
    renew(pool);
    const seats = fill(pool);
    expect(seats.map(({ ready }) => ready)).toEqual(Array(6).fill(true));
    for (const seat of seats) seat.end({ kind: 'succeeded', usage: usage(0) });
    clock.advance(1_000);
    expect(pool.holdings.get('tokens')?.window?.inUse).toBe(seats.length * 10);
    expect(pool.room(clock.nowMs())).toBeGreaterThan(0);
  });

  it('lets a call wait for its tokens, and nothing start before it', async () => {
    const { clock, pool, renew } = setup({ tpm: 1_000 });
    renew(pool);
    const first = pool.start({ inputTokens: 400, outputTokens: 500 });
    const second = pool.start({ inputTokens: 400, outputTokens: 500 });
    expect([first.ready, second.ready, pool.room(clock.nowMs())]).toEqual([true, false, 0]);
    first.end({ kind: 'succeeded', usage: usage(0) });
    expect(pool.roomInMs(clock.nowMs())).toBeCloseTo(100);
    clock.advance(100);
    pool.seatWaiting();
    await second.whenReady();
    expect(second.ready).toBe(true);
  });

  it('counts a call that is larger than the whole limit as all of it', () => {
    const { pool, renew } = setup({ tpm: 1_000 });
    renew(pool);
    expect(pool.start({ inputTokens: 5_000, outputTokens: 0 }).ready).toBe(true);
  });

  it('closes for as long as the provider says, and starts again with a tenth', () => {
    const { clock, pool, renew, fill } = setup({ concurrency: 100 });
    renew(pool);
    const [first, ...others] = fill(pool);
    first?.end({ kind: 'refused', retryAfterMs: 2_000, byRate: false });
    for (const seat of others) seat.end({ kind: 'succeeded', usage: undefined });
    expect([pool.room(clock.nowMs()), pool.roomInMs(clock.nowMs())]).toEqual([0, 2_000]);
    clock.advance(1_999);
    expect(pool.room(clock.nowMs())).toBe(0);
    clock.advance(1);
    expect(pool.room(clock.nowMs())).toBeGreaterThan(0);
    expect(pool.found.limit).toBe(9);
  });

  it('does not shrink for a refusal that was of the minute', () => {
    const { pool, renew, fill } = setup({ concurrency: 100 });
    renew(pool);
    for (const seat of fill(pool)) seat.end({ kind: 'refused', retryAfterMs: 2_000, byRate: true });
    expect(pool.found.limit).toBe(100);
  });

  it('takes over a lower limit that the provider tells, and one that nobody configured', () => {
    const { clock, pool, renew } = setup({ rpm: 100 });
    pool.heard({ requests: { limit: 60, remaining: 0 }, tokens: { limit: 5_000 } });
    renew(pool);
    const limits = ['requests', 'tokens'].map((kind) => pool.holdings.get(kind as 'requests')?.limit);
    expect(limits).toEqual([60, 5_000]);
    pool.heard({ requests: { limit: 500 } });
    expect(pool.holdings.get('requests')?.limit).toBe(100);
    expect(pool.room(clock.nowMs())).toBeGreaterThan(0);
  });

  it('waits for a spent window whose limit the provider does not tell', () => {
    const { clock, pool } = setup({});
    pool.heard({ tokens: { remaining: 0, resetMs: 700 } });
    expect([pool.room(clock.nowMs()), pool.roomInMs(clock.nowMs())]).toEqual([0, 700]);
    clock.advance(700);
    expect(pool.room(clock.nowMs())).toBeGreaterThan(0);
  });

  it('lets the breaker of a deployment close all of its credentials, and goes to the one with most room', () => {
    const { clock, pools, renew } = setup({ concurrency: 4 }, 2);
    for (const pool of pools) {
      // Each credential has limits of its own.
      const share = renewShare(EMPTY_SHARES, {
        ...{ holder: 'w', limit: 4, wants: 4, inUse: 0 },
        ...{ nowMs: 0, leaseMs: LEASE_MS, quarantineMs: 0 },
      }).holders['w']!;
      renew(pool);
      adopt(pool.holdings.get('concurrency')!, share, 0);
    }
    const board = new SlotBoard();
    board.add('sim/small', pools);
    board.routerSeen('r1', {}, {}, clock.nowMs());
    expect(board.distribute(clock.nowMs())).toEqual([{ router: 'r1', deployment: 'sim/small', count: 8 }]);
    for (let i = 0; i < 8; i++) expect(board.start('r1', 'sim/small', SMALL, clock.nowMs())).toBeDefined();
    expect(pools.map(({ running }) => running)).toEqual([4, 4]);
    expect(board.start('r1', 'sim/small', SMALL, clock.nowMs())).toBeUndefined();
    board.setBreaker('sim/small', 'open');
    expect(board.distribute(clock.nowMs())).toEqual([]);
  });

  describe('for a call that could do without', () => {
    const board = (pool: Pool) => {
      const made = new SlotBoard();
      made.add('sim/small', [pool]);
      return made;
    };

    it('is there while more than a quarter of the places is free, and asks back the credit for it', () => {
      const { clock, pool, renew } = setup({ concurrency: 8 });
      renew(pool);
      const slots = board(pool);
      slots.routerSeen('r1', {}, {}, clock.nowMs());
      slots.distribute(clock.nowMs());
      const spare = () => slots.startSpare('r1', 'sim/small', SMALL, clock.nowMs());
      const seats = Array.from({ length: 9 }, spare).filter((seat) => seat !== undefined);
      expect(seats.length).toBe(6);
      expect(slots.distribute(clock.nowMs())).toEqual([{ router: 'r1', deployment: 'sim/small', count: -6 }]);
      slots.creditsReturned('r1', 'sim/small', 6);
      for (const seat of seats) slots.end('r1', 'sim/small', seat, { kind: 'failed', usage: undefined });
      expect(slots.distribute(clock.nowMs())).toEqual([{ router: 'r1', deployment: 'sim/small', count: 6 }]);
    });

    it.each(['open', 'half_open'] as const)('is not there behind a breaker that is %s', (breaker) => {
      const { clock, pool, renew } = setup({ concurrency: 8 });
      renew(pool);
      const slots = board(pool);
      slots.setBreaker('sim/small', breaker);
      expect(slots.startSpare('r1', 'sim/small', SMALL, clock.nowMs())).toBeUndefined();
    });

    it('is not there when the minute is low, or its tokens would have to be waited for', () => {
      const requests = setup({ rpm: 8 });
      requests.renew(requests.pool);
      let started = 0;
      for (; requests.pool.hasSpareRoom(SMALL, requests.clock.nowMs()); started++) {
        requests.pool.start(SMALL);
        // What may go at once is spread over the minute.
        requests.clock.advance(100);
        requests.renew(requests.pool);
      }
      expect(started).toBeGreaterThan(0);
      expect(started).toBeLessThanOrEqual(6);
      const tokens = setup({ tpm: 1_000 });
      tokens.renew(tokens.pool);
      const large = { inputTokens: 900, outputTokens: 100 };
      expect(tokens.pool.hasSpareRoom(SMALL, tokens.clock.nowMs())).toBe(true);
      tokens.pool.start(SMALL);
      expect(tokens.pool.hasSpareRoom(large, tokens.clock.nowMs())).toBe(false);
    });
  });
});

import { seededRandom } from '@penstock/resilience';
import * as fc from 'fast-check';
import { refuseStart, refuseWaiting, type ExpectedStart } from './refuse-start.js';

const expected: fc.Arbitrary<ExpectedStart> = fc
  .record({
    nowMs: fc.integer({ min: 0, max: 1_000_000 }),
    leftMs: fc.integer({ min: 0, max: 60_000 }),
    startWithinMs: fc.integer({ min: 100, max: 60_000 }),
    ahead: fc.nat(2_000),
    perSecond: fc.option(fc.double({ min: 0, max: 200, noNaN: true }), { nil: undefined }),
    reopensInMs: fc.option(fc.integer({ min: -10_000, max: 120_000 }), { nil: undefined }),
    hasRoom: fc.boolean(),
  })
  .map(({ leftMs, reopensInMs, ...rest }) => ({
    ...rest,
    startByMs: rest.nowMs + leftMs,
    reopensAtMs: reopensInMs === undefined ? undefined : rest.nowMs + reopensInMs,
  }));

const random = seededRandom(1);
const refused = (one: ExpectedStart) => refuseStart(one, random) !== undefined;

describe('refuseStart', () => {
  it('refuses all that stand behind one that it refuses', () => {
    fc.assert(
      fc.property(expected, fc.nat(1_000), (one, more) => {
        if (refused(one)) expect(refused({ ...one, ahead: one.ahead + more })).toBe(true);
      }),
    );
  });

  it('refuses nobody who is expected to start in time', () => {
    fc.assert(
      fc.property(expected, (one) => {
        const { nowMs, ahead, perSecond, reopensAtMs = nowMs } = one;
        const queueMs = ahead === 0 || perSecond === undefined ? 0 : (ahead * 1_000) / perSecond;
        const startMs = Math.max(nowMs, reopensAtMs) + queueMs;
        if (startMs <= one.startByMs) expect(refused(one)).toBe(false);
      }),
    );
  });

  it('refuses nobody without evidence, and nobody while there is room', () => {
    fc.assert(
      fc.property(expected, (one) => {
        expect(refused({ ...one, perSecond: undefined, reopensAtMs: undefined })).toBe(false);
        expect(refused({ ...one, hasRoom: true })).toBe(false);
      }),
    );
  });

  it('asks to wait for whole seconds: for as long as the providers said, and for a queue a minute at most', () => {
    fc.assert(
      fc.property(expected, (one) => {
        const { retryAfterMs = 0, code } = refuseWaiting(one, random);
        const closedMs = Math.max(0, (one.reopensAtMs ?? one.nowMs) - one.nowMs);
        expect(retryAfterMs % 1_000).toBe(0);
        expect(retryAfterMs).toBeGreaterThanOrEqual(Math.max(1_000, closedMs));
        expect(retryAfterMs).toBeLessThanOrEqual((closedMs + 60_000) * 1.1 + 3_000);
        expect(code).toBe(
          closedMs > 0 && one.startByMs < one.nowMs + closedMs ? 'rate_limited' : 'no_capacity',
        );
      }),
    );
  });

  it('spreads those that it sends away together', () => {
    const one = { nowMs: 0, startByMs: 0, startWithinMs: 10_000, ahead: 600, perSecond: 10, hasRoom: false };
    const told = Array.from(
      { length: 200 },
      () => refuseWaiting({ ...one, reopensAtMs: 0 }, random).retryAfterMs,
    );
    expect(new Set(told).size).toBeGreaterThanOrEqual(5);
  });
});

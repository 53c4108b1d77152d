import fc from 'fast-check';

import { modelOf } from '../models/read-model.js';
import { CallLimiter } from './call-limiter.js';
import { formatDuration, rateLimitHeaders, retryAfterHeaders } from './rate-limit-headers.js';

const NONE = modelOf('m').limits;

describe('the limits of a model', () => {
  it('never let in more than so many calls and tokens in any minute', () => {
    const calls = fc.array(fc.record({ waitMs: fc.nat(8000), tokens: fc.integer({ min: 1, max: 30 }) }), {
      maxLength: 120,
    });
    fc.assert(
      fc.property(calls, (asked) => {
        const limiter = new CallLimiter();
        const limits = { ...NONE, requestsPerMinute: 10, tokensPerMinute: 100 };
        const admitted: { atMs: number; tokens: number }[] = [];
        let nowMs = 0;
        for (const { waitMs, tokens } of asked) {
          nowMs += waitMs;
          const refusal = limiter.enter(limits, nowMs, tokens);
          if (refusal) {
            const again = new CallLimiter();
            for (const call of admitted) again.enter(NONE, call.atMs, call.tokens);
            expect(again.enter(limits, nowMs + refusal.retryAfterMs!, tokens)?.limit).not.toBe(refusal.limit);
          } else admitted.push({ atMs: nowMs, tokens });
          const minute = admitted.filter(({ atMs }) => atMs > nowMs - 60_000);
          expect(minute.length).toBeLessThanOrEqual(10);
          expect(minute.reduce((sum, call) => sum + call.tokens, 0)).toBeLessThanOrEqual(100);
        }
      }),
    );
  });

  it('hold at once when set, for the minute that has passed', () => {
    const limiter = new CallLimiter();
    for (let i = 0; i < 5; i++) expect(limiter.enter(NONE, i, 1)).toBeUndefined();
    expect(limiter.enter({ ...NONE, requestsPerMinute: 5 }, 100, 1)).toMatchObject({
      limit: 'requests',
      used: 5,
    });
  });

  it('let in so many at a time, and do not say when one will leave unless told to', () => {
    const limiter = new CallLimiter();
    const limits = { ...NONE, concurrency: 2 };
    expect([limiter.enter(limits, 0, 1), limiter.enter(limits, 0, 1)]).toEqual([undefined, undefined]);
    expect(limiter.enter(limits, 0, 1)).toMatchObject({ limit: 'concurrency', retryAfterMs: undefined });
    expect(limiter.enter({ ...limits, concurrencyRetryAfterMs: 50 }, 0, 1)).toMatchObject({
      retryAfterMs: 50,
    });
    limiter.leave();
    expect(limiter.enter(limits, 0, 1)).toBeUndefined();
  });

  it('are told in the headers that OpenAI sends', () => {
    const limiter = new CallLimiter();
    const limits = { ...NONE, requestsPerMinute: 100, tokensPerMinute: 4000 };
    limiter.enter(limits, 0, 250);
    expect(rateLimitHeaders(limiter.state(limits, 1500))).toEqual([
      ...['x-ratelimit-limit-requests', '100', 'x-ratelimit-remaining-requests', '99'],
      ...['x-ratelimit-reset-requests', '58.5s'],
      ...['x-ratelimit-limit-tokens', '4000', 'x-ratelimit-remaining-tokens', '3750'],
      ...['x-ratelimit-reset-tokens', '58.5s'],
    ]);
    expect(rateLimitHeaders(limiter.state(NONE, 0))).toEqual([]);
    expect(retryAfterHeaders(1200.5)).toEqual(['retry-after', '2', 'retry-after-ms', '1201']);
  });

  it('write durations as Go does', () => {
    expect([0, 6, 999.2, 8640, 60_000, 90_500, 3_600_000].map(formatDuration)).toEqual([
      ...['0ms', '6ms', '1s', '8.64s', '1m0s', '1m30.5s', '1h0m0s'],
    ]);
  });
});

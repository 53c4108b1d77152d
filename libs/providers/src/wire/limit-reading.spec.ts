import fc from 'fast-check';
import { readLimits, readRetryAfterMs } from './limit-reading.js';
import { readWireDuration } from './wire-duration.js';

const NOW_MS = Date.UTC(2026, 10, 22, 12, 0, 0);

describe('readWireDuration', () => {
  it.each([
    ['6m0s', 360_000],
    ['1s', 1000],
    ['20ms', 20],
    ['2m59.56s', 179_560],
    ['1h2m3.5s', 3_723_500],
    ['1d2h', 93_600_000],
    ['7.66s', 7660],
    ['0', 0],
    ['12', 12_000],
    ['0.25', 250],
  ])('%s is %d ms', (text, ms) => expect(readWireDuration(text)).toBeCloseTo(ms));

  it.each(['', 's', '-1', '1 s', 'soon', '1e3', '5m!', 'NaN'])('%j is none', (text) => {
    expect(readWireDuration(text)).toBeUndefined();
  });

  it('never makes anything but a number of at least 0', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = readWireDuration(text);
        expect(read === undefined || read >= 0).toBe(true);
      }),
    );
  });
});

describe('readRetryAfterMs', () => {
  it.each([
    [{ 'retry-after': '3' }, 3000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': 'Sun, 22 Nov 2026 12:00:07 GMT' }, 7000],
    [{ 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after': '3', 'retry-after-ms': '2500' }, 2500],
    [{ 'retry-after': ['4', '9'] }, 4000],
    [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '80ms' }, 80],
    [
      {
        'anthropic-ratelimit-requests-remaining': '0',
        'anthropic-ratelimit-requests-reset': '2026-11-22T12:01:00Z',
      },
      60_000,
    ],
    [{ 'x-ratelimit-remaining-tokens': '1', 'x-ratelimit-reset-tokens': '80ms' }, undefined],
    [{ 'retry-after': 'after lunch' }, undefined],
    [{}, undefined],
  ])('%j', (headers, ms) => expect(readRetryAfterMs(headers, NOW_MS)).toBe(ms));
});

describe('readLimits', () => {
  it("reads Anthropic's headers", () => {
    const headers = {
      'anthropic-ratelimit-requests-limit': '1000',
      'anthropic-ratelimit-requests-remaining': '999',
      'anthropic-ratelimit-requests-reset': '2026-11-22T12:00:01Z',
      'anthropic-ratelimit-tokens-limit': '80000',
      'anthropic-ratelimit-tokens-remaining': '76000',
      'anthropic-ratelimit-tokens-reset': '2026-11-22T12:00:03Z',
    };
    expect(readLimits(headers, NOW_MS)).toEqual({
      requests: { limit: 1000, remaining: 999, resetMs: 1000 },
      tokens: { limit: 80_000, remaining: 76_000, resetMs: 3000 },
    });
  });

  it('keeps what it can read and says nothing of the rest', () => {
    expect(
      readLimits({ 'x-ratelimit-limit-requests': 'many', 'x-ratelimit-remaining-requests': '7' }, NOW_MS),
    ).toEqual({
      requests: { remaining: 7 },
    });
    expect(readLimits({ date: 'now' }, NOW_MS)).toBeUndefined();
  });
});

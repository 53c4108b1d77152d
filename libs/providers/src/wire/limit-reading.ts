import type { HttpHeaders } from '../http/http-exchange.js';
import type { LimitReading, LimitWindow } from '../provider.js';
import { readWireDuration, readWireInstant } from './wire-duration.js';

interface WindowNames {
  readonly limit: string;
  readonly remaining: string;
  readonly reset: string;
}

const named = (name: (part: string) => string): WindowNames => ({
  limit: name('limit'),
  remaining: name('remaining'),
  reset: name('reset'),
});

/** Put together once: every answer is looked through for all of them. */
const NAMES = {
  requests: named((part) => `x-ratelimit-${part}-requests`),
  tokens: named((part) => `x-ratelimit-${part}-tokens`),
  anthropicRequests: named((part) => `anthropic-ratelimit-requests-${part}`),
  anthropicTokens: named((part) => `anthropic-ratelimit-tokens-${part}`),
};

/**
 * What a provider's headers say of its rate limits: `x-ratelimit-<part>-<unit>` as OpenAI and those who follow it
 * send, or `anthropic-ratelimit-<unit>-<part>`. Undefined when they say nothing.
 */
export function readLimits(headers: HttpHeaders, nowMs: number): LimitReading | undefined {
  const requests =
    readWindow(headers, nowMs, NAMES.requests) ?? readWindow(headers, nowMs, NAMES.anthropicRequests);
  const tokens =
    readWindow(headers, nowMs, NAMES.tokens) ?? readWindow(headers, nowMs, NAMES.anthropicTokens);
  if (!requests && !tokens) return undefined;
  return { ...(requests && { requests }), ...(tokens && { tokens }) };
}

/**
 * How long the provider asks to be left alone: `retry-after-ms`, else `Retry-After` in seconds or as an HTTP-date,
 * else the reset of those rate limits that have nothing left.
 */
export function readRetryAfterMs(headers: HttpHeaders, nowMs: number): number | undefined {
  const exactMs = readCount(headers, 'retry-after-ms');
  if (exactMs !== undefined) return exactMs;
  const asked = header(headers, 'retry-after');
  const askedMs =
    asked === undefined ? undefined : (readWireDuration(asked) ?? readWireInstant(asked, nowMs));
  if (askedMs !== undefined) return askedMs;

  const limits = readLimits(headers, nowMs);
  const spent = [limits?.requests, limits?.tokens].filter((window) => window?.remaining === 0);
  const resets = spent.map((window) => window?.resetMs).filter((resetMs) => resetMs !== undefined);
  return resets.length > 0 ? Math.max(...resets) : undefined;
}

/** One header; the first when it was sent more than once. */
export function header(headers: HttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function readWindow(headers: HttpHeaders, nowMs: number, names: WindowNames): LimitWindow | undefined {
  const limit = readCount(headers, names.limit);
  const remaining = readCount(headers, names.remaining);
  const reset = header(headers, names.reset);
  const resetMs =
    reset === undefined ? undefined : (readWireDuration(reset) ?? readWireInstant(reset, nowMs));
  if (limit === undefined && remaining === undefined && resetMs === undefined) return undefined;
  return {
    ...(limit !== undefined && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...(resetMs !== undefined && { resetMs }),
  };
}

function readCount(headers: HttpHeaders, name: string): number | undefined {
  const text = header(headers, name);
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

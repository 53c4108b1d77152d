import { refusal, type Read } from '@penstock/contracts';
import { readDurationMs } from '../admission/read-duration.js';

/** What a request says about the cache: in the header `x-penstock-cache`. */
export type CacheOrder =
  | { readonly kind: 'off' }
  /** `refresh`: answered anew, and cached. `ttlMs`: how long; undefined as the policy says. */
  | { readonly kind: 'use' | 'refresh'; readonly ttlMs?: number };

/** Of an answer whose request says `on` and whose policy says nothing. */
export const DEFAULT_CACHE_MS = 5 * 60_000;

const MAX_CACHE_MS = 24 * 3_600_000;

/** Reads `on`, `off`, `refresh`, or a duration such as `10m`, up to 24 h. */
export function readCacheOrder(header: string): Read<CacheOrder> {
  if (header === 'off') return { ok: true, value: { kind: 'off' } };
  if (header === 'on') return { ok: true, value: { kind: 'use' } };
  if (header === 'refresh') return { ok: true, value: { kind: 'refresh' } };
  const ttlMs = readDurationMs(header);
  if (ttlMs !== undefined && ttlMs >= 1_000 && ttlMs <= MAX_CACHE_MS)
    return { ok: true, value: { kind: 'use', ttlMs } };
  const message = 'x-penstock-cache is on, off, refresh, or a duration from 1s to 24h such as 10m.';
  return { ok: false, refusal: refusal('invalid_request', { param: 'x-penstock-cache', message }) };
}

import type { ProviderOptions } from '@penstock/contracts';
import { isObject } from '../json/check.js';

/**
 * Anthropic's mark for its prompt cache, as an option of its models. Clients of other dialects send it along
 * too, as OpenRouter's API has taught them.
 */
export function cacheControlOptions(
  marked: { readonly cache_control?: unknown } | undefined,
): ProviderOptions {
  const marker = marked?.cache_control;
  if (!isObject(marker) || typeof marker['type'] !== 'string') return {};
  const ttl = typeof marker['ttl'] === 'string' ? { ttl: marker['ttl'] } : {};
  return { anthropic: { cacheControl: { type: marker['type'], ...ttl } } };
}

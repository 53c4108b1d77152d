import type { Usage } from '@penstock/contracts';
import { isJsonObject, readCount } from '../../wire/json.js';

/** Reads a `usage` object; undefined when it does not hold the counts. */
export type ReadUsage = (usage: unknown) => Usage | undefined;

/**
 * Reads a `usage` object of chat completions, completions or embeddings. Undefined when it does not hold the counts,
 * as in the `null` that every chunk but the last has.
 *
 * DeepSeek's `prompt_cache_hit_tokens`, Mistral's `num_cached_tokens` and OpenRouter's `cache_write_tokens` are read too.
 */
export function readOpenAiUsage(usage: unknown): Usage | undefined {
  if (!isJsonObject(usage)) return undefined;
  const inputTokens = readCount(usage.prompt_tokens);
  if (inputTokens === undefined) return undefined;
  const input = isJsonObject(usage.prompt_tokens_details) ? usage.prompt_tokens_details : {};
  const output = isJsonObject(usage.completion_tokens_details) ? usage.completion_tokens_details : {};
  const cachedInputTokens =
    readCount(input.cached_tokens) ??
    readCount(usage.prompt_cache_hit_tokens) ??
    readCount(usage.num_cached_tokens);
  const cacheWriteTokens = readCount(input.cache_write_tokens);
  const reasoningTokens = readCount(output.reasoning_tokens);
  return {
    inputTokens,
    outputTokens: readCount(usage.completion_tokens) ?? 0,
    ...(cachedInputTokens !== undefined && { cachedInputTokens }),
    ...(cacheWriteTokens !== undefined && { cacheWriteTokens }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
    source: 'provider',
  };
}

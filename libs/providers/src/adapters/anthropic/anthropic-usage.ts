import type { Usage } from '@penstock/contracts';
import { isJsonObject, readCount } from '../../wire/json.js';

/**
 * Reads a `usage` object of messages, over `before` where it leaves something out: a stream tells the input first and
 * the output at the end. Anthropic counts what the prompt cache read and wrote beside `input_tokens`, not in it.
 */
export function readAnthropicUsage(usage: unknown, before?: Usage): Usage | undefined {
  if (!isJsonObject(usage)) return before;
  const cachedInputTokens = readCount(usage.cache_read_input_tokens) ?? before?.cachedInputTokens;
  const cacheWriteTokens = readCount(usage.cache_creation_input_tokens) ?? before?.cacheWriteTokens;
  const uncached = readCount(usage.input_tokens);
  const inputTokens =
    uncached === undefined
      ? before?.inputTokens
      : uncached + (cachedInputTokens ?? 0) + (cacheWriteTokens ?? 0);
  if (inputTokens === undefined) return undefined;
  return {
    inputTokens,
    outputTokens: readCount(usage.output_tokens) ?? before?.outputTokens ?? 0,
    ...(cachedInputTokens !== undefined && { cachedInputTokens }),
    ...(cacheWriteTokens !== undefined && { cacheWriteTokens }),
    source: 'provider',
  };
}

import type { Usage } from '@penstock/contracts';
import { isJsonObject, readCount } from '../../wire/json.js';

/** Reads the `usage` object of a response. Undefined when it does not hold the counts. */
export function readResponsesUsage(usage: unknown): Usage | undefined {
  if (!isJsonObject(usage)) return undefined;
  const inputTokens = readCount(usage.input_tokens);
  const outputTokens = readCount(usage.output_tokens);
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  const input = isJsonObject(usage.input_tokens_details) ? usage.input_tokens_details : {};
  const output = isJsonObject(usage.output_tokens_details) ? usage.output_tokens_details : {};
  const cachedInputTokens = readCount(input.cached_tokens);
  const cacheWriteTokens = readCount(input.cache_write_tokens);
  const reasoningTokens = readCount(output.reasoning_tokens);
  return {
    inputTokens,
    outputTokens,
    ...(cachedInputTokens !== undefined && { cachedInputTokens }),
    ...(cacheWriteTokens !== undefined && { cacheWriteTokens }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
    source: 'provider',
  };
}

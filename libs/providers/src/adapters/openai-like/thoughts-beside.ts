import type { Usage } from '@penstock/contracts';
import { isJsonObject, readCount } from '../../wire/json.js';
import { readOpenAiUsage } from '../openai/openai-usage.js';

/**
 * Perplexity counts what a model thought in `reasoning_tokens`, beside `completion_tokens` and not in them: of deep
 * research that is most of what is paid for.
 */
export function readPerplexityUsage(usage: unknown): Usage | undefined {
  const read = readOpenAiUsage(usage);
  const thoughts = isJsonObject(usage) ? readCount(usage.reasoning_tokens) : undefined;
  return read && thoughts !== undefined ? withThoughts(read, thoughts) : read;
}

/**
 * xAI's chat completions have the thoughts beside `completion_tokens` of some models and in them of others. Which it is
 * shows in `total_tokens`.
 */
export function readXaiUsage(usage: unknown): Usage | undefined {
  const read = readOpenAiUsage(usage);
  const thoughts = read?.reasoningTokens ?? 0;
  const total = isJsonObject(usage) ? readCount(usage.total_tokens) : undefined;
  const isBeside = read && total !== undefined && total >= read.inputTokens + read.outputTokens + thoughts;
  return isBeside && thoughts > 0 ? withThoughts(read, thoughts) : read;
}

function withThoughts(usage: Usage, thoughts: number): Usage {
  return { ...usage, outputTokens: usage.outputTokens + thoughts, reasoningTokens: thoughts };
}

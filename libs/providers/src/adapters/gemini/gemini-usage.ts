import type { Usage } from '@penstock/contracts';
import { isJsonObject, readCount } from '../../wire/json.js';

/**
 * Reads a `usageMetadata` object. Gemini counts what it thought beside the candidates, and what tools put into the
 * prompt beside the prompt. Undefined when it does not hold the counts.
 */
export function readGeminiUsage(usage: unknown): Usage | undefined {
  if (!isJsonObject(usage)) return undefined;
  const prompt = readCount(usage.promptTokenCount);
  if (prompt === undefined) return undefined;
  const reasoningTokens = readCount(usage.thoughtsTokenCount);
  const cachedInputTokens = readCount(usage.cachedContentTokenCount);
  return {
    inputTokens: prompt + (readCount(usage.toolUsePromptTokenCount) ?? 0),
    outputTokens: (readCount(usage.candidatesTokenCount) ?? 0) + (reasoningTokens ?? 0),
    ...(cachedInputTokens !== undefined && { cachedInputTokens }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
    source: 'provider',
  };
}

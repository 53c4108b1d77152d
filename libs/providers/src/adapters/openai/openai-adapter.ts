import type { CanonicalCall, JsonMap } from '@penstock/contracts';
import type { Adapter } from '../adapter.js';
import { openAiDialect } from './openai-dialect.js';
import { OPENAI_REASONS, readOpenAiError } from './openai-error.js';

export const OPENAI_ERRORS: Adapter['errors'] = { readError: readOpenAiError, reasons: OPENAI_REASONS };

/** OpenAI itself, and whoever serves its APIs so closely that its own package reads them. */
export const openAiAdapter: Adapter = {
  dialect: (settings) => openAiDialect(settings),
  errors: OPENAI_ERRORS,
  package: {
    family: 'openai',
    open: async (settings) => {
      const { createOpenAI } = await import('@ai-sdk/openai');
      const provider = createOpenAI(settings);
      return (upstreamModel) => provider.chat(upstreamModel);
    },
    options: openAiOptions,
  },
};

/** Options that OpenAI's chat completions have, in the package's names. */
export function openAiOptions(call: CanonicalCall): JsonMap {
  const { parallelToolCalls, topLogprobs, user, metadata, responseFormat } = call;
  const strict = responseFormat?.type === 'json' ? responseFormat.strict : undefined;
  return {
    ...(parallelToolCalls !== undefined && { parallelToolCalls }),
    // Zero asks for the chosen token alone, which the package calls `true`.
    ...(topLogprobs !== undefined && { logprobs: topLogprobs === 0 ? true : topLogprobs }),
    ...(user !== undefined && { user }),
    ...(metadata !== undefined && { metadata }),
    ...(strict !== undefined && { strictJsonSchema: strict }),
  };
}

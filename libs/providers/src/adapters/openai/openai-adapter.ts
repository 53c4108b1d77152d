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

/**
 * OpenAI's models that are served through the Responses API alone, and whoever serves no other. Nothing is stored
 * there: what a thought needs to be carried on comes back encrypted.
 */
export const openAiResponsesAdapter: Adapter = {
  dialect: (settings) => openAiDialect(settings, { apis: ['openai.responses'] }),
  errors: OPENAI_ERRORS,
  package: {
    family: 'openai',
    open: async (settings) => {
      const { createOpenAI } = await import('@ai-sdk/openai');
      const provider = createOpenAI(settings);
      return (upstreamModel) => provider.responses(upstreamModel);
    },
    options: openAiResponsesOptions,
  },
};

/** Options that OpenAI's chat completions have, in the package's names. */
export function openAiOptions(call: CanonicalCall): JsonMap {
  const { parallelToolCalls, topLogprobs, user, metadata, responseFormat, reasoning } = call;
  const strict = responseFormat?.type === 'json' ? responseFormat.strict : undefined;
  return {
    ...(parallelToolCalls !== undefined && { parallelToolCalls }),
    // Zero asks for the chosen token alone, which the package calls `true`.
    ...(topLogprobs !== undefined && { logprobs: topLogprobs === 0 ? true : topLogprobs }),
    ...(user !== undefined && { user }),
    ...(metadata !== undefined && { metadata }),
    ...(strict !== undefined && { strictJsonSchema: strict }),
    // The package goes by the model's name, which may be one that an installation gave it.
    ...(thinks(reasoning) && { forceReasoning: true }),
  };
}

/** Options of the Responses API where they differ. */
function openAiResponsesOptions(call: CanonicalCall): JsonMap {
  const { topLogprobs } = call;
  return {
    ...openAiOptions(call),
    store: false,
    // There is no asking for the chosen token alone, and `true` asks for twenty.
    ...(topLogprobs !== undefined && { logprobs: Math.max(1, topLogprobs) }),
  };
}

function thinks(reasoning: CanonicalCall['reasoning']): boolean {
  return reasoning !== undefined && reasoning !== 'none';
}

import type { JsonMap, Usage } from '@penstock/contracts';
import type { Adapter } from '../adapter.js';
import { GEMINI_ERRORS, geminiOptions } from '../gemini/gemini-adapter.js';
import { isJsonObject, readCount } from '../../wire/json.js';
import { OPENAI_ERRORS } from '../openai/openai-adapter.js';

/**
 * Amazon Bedrock's Converse API. Credentials are either an API key, or `options.accessKeyId`, `secretAccessKey` and,
 * where it is temporary, `sessionToken`; `options.region` is needed to sign with the latter.
 */
export const bedrockAdapter: Adapter = {
  errors: OPENAI_ERRORS,
  package: {
    family: 'bedrock',
    open: async (settings, { options = {} }) => {
      const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock');
      return createAmazonBedrock({ ...settings, ...options });
    },
    options: ({ reasoningBudgetTokens }) => ({
      ...(reasoningBudgetTokens !== undefined && {
        reasoningConfig: { type: 'enabled', budgetTokens: reasoningBudgetTokens },
      }),
    }),
    finishReasons: {
      model_context_window_exceeded: 'length',
      malformed_model_output: 'error',
      malformed_tool_use: 'error',
    },
  },
};

/**
 * Gemini at Vertex AI. Credentials are an API key, or what Google's library finds on the machine; then
 * `options.project` and `options.location` are needed.
 */
export const vertexAdapter: Adapter = {
  errors: GEMINI_ERRORS,
  package: {
    family: 'vertex',
    open: async (settings, { options = {} }) => {
      const { createGoogleVertex } = await import('@ai-sdk/google-vertex');
      return createGoogleVertex({ ...settings, ...options });
    },
    options: geminiOptions,
  },
};

/** Cohere's own chat API. */
export const cohereAdapter: Adapter = {
  errors: OPENAI_ERRORS,
  package: {
    family: 'cohere',
    open: async (settings) => (await import('@ai-sdk/cohere')).createCohere(settings),
    options: ({ reasoningBudgetTokens }) => ({
      ...(reasoningBudgetTokens !== undefined && {
        thinking: { type: 'enabled', tokenBudget: reasoningBudgetTokens },
      }),
    }),
    finishReasons: { TIMEOUT: 'error' },
    moreUsage: cohereUsage,
  },
};

/** Of the tokens that a call took Cohere bills fewer, and says how many: those are what it costs. */
function cohereUsage({ billed_units: billed, cached_tokens }: JsonMap): Partial<Usage> {
  const units = isJsonObject(billed) ? billed : {};
  const inputTokens = readCount(units.input_tokens);
  const outputTokens = readCount(units.output_tokens);
  const cached = readCount(cached_tokens);
  return {
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(cached !== undefined && { cachedInputTokens: Math.min(cached, inputTokens ?? cached) }),
  };
}

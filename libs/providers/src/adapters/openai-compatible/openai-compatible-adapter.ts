import type { Adapter } from '../adapter.js';
import { openAiDialect } from '../openai/openai-dialect.js';
import { OPENAI_ERRORS } from '../openai/openai-adapter.js';

/**
 * Whoever follows OpenAI's chat completions without being OpenAI: vLLM, SGLang, Ollama, LM Studio, OpenRouter. The
 * package is the one that takes fewer things for granted.
 */
export const openAiCompatibleAdapter: Adapter = {
  dialect: (settings) => openAiDialect(settings),
  errors: OPENAI_ERRORS,
  package: {
    family: 'openaiCompatible',
    open: async (settings, { apiKey, streamUsage }) => {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const { apiKey: _, ...keyless } = settings;
      const provider = createOpenAICompatible({
        ...keyless,
        ...(apiKey !== undefined && { apiKey }),
        name: 'openai-compatible',
        includeUsage: streamUsage ?? true,
        supportsStructuredOutputs: true,
      });
      return (upstreamModel) => provider.chatModel(upstreamModel);
    },
    options: ({ user, responseFormat }) => {
      const strict = responseFormat?.type === 'json' ? responseFormat.strict : undefined;
      return {
        ...(user !== undefined && { user }),
        ...(strict !== undefined && { strictJsonSchema: strict }),
      };
    },
    finishReasons: { error: 'error', abort: 'error' },
  },
};

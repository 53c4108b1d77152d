import type { CanonicalCall, JsonMap } from '@penstock/contracts';
import type { ProviderPackage } from '../../translated/package-model.js';
import type { Adapter } from '../adapter.js';
import { OPENAI_ERRORS, openAiOptions } from '../openai/openai-adapter.js';
import { openAiDialect, type OpenAiApi, type OpenAiVariant } from '../openai/openai-dialect.js';
import { readPerplexityUsage, readXaiUsage } from './thoughts-beside.js';
import { readXaiError } from './xai-error.js';

/**
 * Providers that serve OpenAI's chat completions beside whatever is their own. A client of that API is passed
 * through; every other goes through the package that knows the provider's peculiarities.
 */
function openAiLike(
  apis: readonly OpenAiApi[],
  target: ProviderPackage,
  variant: Omit<OpenAiVariant, 'apis'> = {},
): Adapter {
  const { readError } = variant;
  return {
    dialect: (settings) => openAiDialect(settings, { ...variant, apis }),
    errors: { ...OPENAI_ERRORS, ...(readError && { readError }) },
    package: target,
  };
}

const CHAT: readonly OpenAiApi[] = ['openai.chat'];
const CHAT_AND_EMBEDDINGS: readonly OpenAiApi[] = ['openai.chat', 'openai.embeddings'];
const CHAT_COMPLETIONS_EMBEDDINGS: readonly OpenAiApi[] = [
  'openai.chat',
  'openai.completions',
  'openai.embeddings',
];

/** Those of OpenAI's options that the package has under the same name. */
function some(call: CanonicalCall, ...names: readonly string[]): JsonMap {
  return Object.fromEntries(Object.entries(openAiOptions(call)).filter(([name]) => names.includes(name)));
}

export const mistralAdapter = openAiLike(CHAT_AND_EMBEDDINGS, {
  family: 'mistral',
  open: async (settings) => (await import('@ai-sdk/mistral')).createMistral(settings),
  options: (call) => some(call, 'parallelToolCalls', 'strictJsonSchema'),
});

export const groqAdapter = openAiLike([...CHAT, 'openai.responses'], {
  family: 'groq',
  open: async (settings) => (await import('@ai-sdk/groq')).createGroq(settings),
  options: (call) => some(call, 'parallelToolCalls', 'user', 'strictJsonSchema'),
});

export const xaiAdapter = openAiLike(
  [...CHAT, 'openai.responses'],
  {
    family: 'xai',
    open: async (settings) => (await import('@ai-sdk/xai')).createXai(settings),
    options: () => ({}),
  },
  { readChatUsage: readXaiUsage, readError: readXaiError },
);

export const deepSeekAdapter = openAiLike(CHAT, {
  family: 'deepseek',
  open: async (settings) => (await import('@ai-sdk/deepseek')).createDeepSeek(settings),
  options: () => ({}),
});

export const togetherAdapter = openAiLike(CHAT_COMPLETIONS_EMBEDDINGS, {
  family: 'togetherai',
  open: async (settings) => (await import('@ai-sdk/togetherai')).createTogetherAI(settings),
  options: (call) => some(call, 'user'),
  finishReasons: { eos: 'stop' },
});

export const fireworksAdapter = openAiLike(CHAT_COMPLETIONS_EMBEDDINGS, {
  family: 'fireworks',
  open: async (settings) => (await import('@ai-sdk/fireworks')).createFireworks(settings),
  options: (call) => some(call, 'user'),
});

export const perplexityAdapter = openAiLike(
  CHAT,
  {
    family: 'perplexity',
    open: async (settings) => (await import('@ai-sdk/perplexity')).createPerplexity(settings),
    options: () => ({}),
    silent: ['tools', 'toolChoice'],
  },
  { readChatUsage: readPerplexityUsage },
);

export const cerebrasAdapter = openAiLike(CHAT, {
  family: 'cerebras',
  open: async (settings) => (await import('@ai-sdk/cerebras')).createCerebras(settings),
  options: (call) => some(call, 'parallelToolCalls', 'user', 'strictJsonSchema'),
});

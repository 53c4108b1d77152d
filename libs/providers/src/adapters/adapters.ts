import type { Adapter } from './adapter.js';
import { anthropicAdapter } from './anthropic/anthropic-adapter.js';
import { azureAdapter } from './cloud/azure-adapter.js';
import { bedrockAdapter, cohereAdapter, vertexAdapter } from './cloud/cloud-adapters.js';
import { geminiAdapter } from './gemini/gemini-adapter.js';
import { openAiAdapter, openAiResponsesAdapter } from './openai/openai-adapter.js';
import { openAiCompatibleAdapter } from './openai-compatible/openai-compatible-adapter.js';
import * as openAiLike from './openai-like/openai-like-adapters.js';

/** Every adapter there is, by the name the configuration knows it by. */
export const ADAPTERS = {
  openai: openAiAdapter,
  'openai-responses': openAiResponsesAdapter,
  'openai-compatible': openAiCompatibleAdapter,
  anthropic: anthropicAdapter,
  gemini: geminiAdapter,
  azure: azureAdapter,
  bedrock: bedrockAdapter,
  vertex: vertexAdapter,
  cohere: cohereAdapter,
  mistral: openAiLike.mistralAdapter,
  groq: openAiLike.groqAdapter,
  xai: openAiLike.xaiAdapter,
  deepseek: openAiLike.deepSeekAdapter,
  together: openAiLike.togetherAdapter,
  fireworks: openAiLike.fireworksAdapter,
  perplexity: openAiLike.perplexityAdapter,
  cerebras: openAiLike.cerebrasAdapter,
} as const satisfies Record<string, Adapter>;

export type AdapterName = keyof typeof ADAPTERS;

export const ADAPTER_NAMES = Object.keys(ADAPTERS) as readonly AdapterName[];

export function isAdapterName(value: unknown): value is AdapterName {
  return typeof value === 'string' && Object.hasOwn(ADAPTERS, value);
}

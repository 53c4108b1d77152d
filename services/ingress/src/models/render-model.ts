import type { ListedModel } from '../ingress.parts.js';
import { perToken, type ModelOffer } from './model-offer.js';

/** What every chat API takes, by the names that clients of OpenRouter look for. */
const COMMON_PARAMETERS = ['max_tokens', 'temperature', 'top_p', 'stop', 'seed'];

/** A model in OpenAI's shape, with what OpenRouter's clients look for beside it where it is known. */
export function renderModel({ name, maxOutputTokens, offer }: ListedModel) {
  const model = { id: name, object: 'model', created: 0, owned_by: 'penstock' };
  if (!offer) return model;
  const { contextTokens, longestAnswerTokens, price, capabilities } = offer;
  const input = capabilities?.vision === true ? ['text', 'image'] : ['text'];
  return {
    ...model,
    canonical_slug: name,
    name,
    description: '',
    context_length: contextTokens ?? null,
    architecture: {
      modality: `${input.join('+')}->text`,
      input_modalities: input,
      output_modalities: ['text'],
      tokenizer: 'Other',
      instruct_type: null,
    },
    pricing: {
      prompt: perToken(price.input),
      completion: perToken(price.output),
      request: '0',
      image: '0',
      ...(price.cachedInput !== undefined && { input_cache_read: perToken(price.cachedInput) }),
      ...(price.cacheWrite !== undefined && { input_cache_write: perToken(price.cacheWrite) }),
    },
    top_provider: {
      context_length: contextTokens ?? null,
      max_completion_tokens: longestAnswerTokens ?? maxOutputTokens,
      is_moderated: false,
    },
    per_request_limits: null,
    supported_parameters: supportedParameters(capabilities),
    default_parameters: {},
  };
}

/** What nobody says that a model cannot do is taken to be possible, as in routing. */
function supportedParameters(can: ModelOffer['capabilities']): readonly string[] {
  if (can?.parameters) return can.parameters;
  return [
    ...COMMON_PARAMETERS,
    ...(can?.tools === false ? [] : ['tools', 'tool_choice']),
    ...(can?.jsonSchema === false ? [] : ['response_format', 'structured_outputs']),
  ];
}

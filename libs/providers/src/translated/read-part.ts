import type { CanonicalStreamPart } from '@penstock/contracts';
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import {
  metadata,
  readContent,
  readFinishReason,
  readLogprobs,
  readUsage,
  type PackageWords,
} from './read-answer.js';

/**
 * What becomes of one part of a package's stream: a canonical part, nothing (it is for nobody), an `error` with what
 * the package says of it, or `broken` for a finish that is none.
 */
export type ReadPart =
  | { readonly kind: 'part'; readonly part: CanonicalStreamPart }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'broken' };

const NOTHING: ReadPart = { kind: 'nothing' };

export function readPart(given: LanguageModelV4StreamPart, target: PackageWords): ReadPart {
  switch (given.type) {
    case 'text-start':
    case 'text-end':
    case 'reasoning-start':
    case 'reasoning-end':
    case 'tool-input-end':
      return { kind: 'part', part: { type: given.type, id: given.id, ...metadata(given) } };
    case 'text-delta':
    case 'reasoning-delta':
    case 'tool-input-delta':
      return {
        kind: 'part',
        part: { type: given.type, id: given.id, delta: given.delta, ...metadata(given) },
      };
    case 'tool-input-start':
      if (given.providerExecuted) return NOTHING;
      return {
        kind: 'part',
        part: { type: given.type, id: given.id, toolName: given.toolName, ...metadata(given) },
      };
    case 'tool-call':
    case 'file':
    case 'source': {
      const content = readContent(given);
      // These three are the same in a stream as in a whole answer.
      return content ? { kind: 'part', part: content as CanonicalStreamPart } : NOTHING;
    }
    case 'response-metadata': {
      const { id, timestamp, modelId } = given;
      const known = {
        ...(id !== undefined && { id }),
        ...(timestamp && { timestamp }),
        ...(modelId !== undefined && { modelId }),
      };
      return { kind: 'part', part: { type: 'response-metadata', ...known } };
    }
    case 'finish': {
      const finishReason = readFinishReason(given.finishReason, given.providerMetadata, target);
      if (!finishReason) return { kind: 'broken' };
      const usage = readUsage(given.usage, target);
      const logprobs = readLogprobs(given.providerMetadata);
      return {
        kind: 'part',
        part: { type: 'finish', finishReason, ...(usage && { usage }), ...(logprobs && { logprobs }) },
      };
    }
    case 'error':
      return { kind: 'error', error: given.error };
    default:
      return NOTHING;
  }
}

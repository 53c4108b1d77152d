import type {
  CanonicalContent,
  CanonicalResult,
  FinishReason,
  ProviderOptions,
  Usage,
} from '@penstock/contracts';
import { argumentsObject } from '../canonical/json-text.js';
import type { AnswerIdentity } from '../translation.js';

/**
 * A whole answer as a message. Files and sources that a model of another vendor made have no block here that
 * the vendor's clients would know, and are left out.
 */
export function anthropicMessage(result: CanonicalResult, identity: AnswerIdentity) {
  return {
    ...messageHead(identity),
    content: result.content.flatMap((part) => contentBlock(part) ?? []),
    stop_reason: stopReason(result.finishReason),
    stop_sequence: result.finishReason.stopSequence ?? null,
    usage: messageUsage(result.usage),
  };
}

export function messageHead({ id, model }: AnswerIdentity) {
  return {
    id: `msg_${id}`,
    type: 'message' as const,
    role: 'assistant' as const,
    model,
    container: null,
    diagnostics: null,
    stop_details: null,
  };
}

function contentBlock(part: CanonicalContent) {
  switch (part.type) {
    case 'text':
      // The vendor refuses an empty text when it is sent back.
      return part.text === '' ? undefined : { ...emptyText, text: part.text };
    case 'reasoning': {
      const { signature, redactedData } = thinkingSecrets(part.providerMetadata);
      if (redactedData !== undefined) return redactedThinking(redactedData);
      if (part.text === '' && signature === undefined) return undefined;
      return { ...emptyThinking, thinking: part.text, signature: signature ?? '' };
    }
    case 'tool-call':
      return { ...toolUse(part.toolCallId, part.toolName), input: argumentsObject(part.input) };
    case 'file':
    case 'source':
      return undefined;
  }
}

export const emptyText = { type: 'text', text: '', citations: null } as const;

export const emptyThinking = { type: 'thinking', thinking: '', signature: '' } as const;

export function redactedThinking(data: string) {
  return { type: 'redacted_thinking' as const, data };
}

export function toolUse(id: string, name: string) {
  return { type: 'tool_use' as const, id, name, input: {}, caller: { type: 'direct' as const } };
}

/** What the vendor wants to see again with a thought, and nobody else understands. */
export function thinkingSecrets(metadata: ProviderOptions | undefined) {
  const { signature, redactedData } = metadata?.['anthropic'] ?? {};
  return {
    signature: typeof signature === 'string' ? signature : undefined,
    redactedData: typeof redactedData === 'string' ? redactedData : undefined,
  };
}

export function stopReason({
  unified,
  stopSequence,
}: FinishReason): 'end_turn' | 'max_tokens' | 'refusal' | 'tool_use' | 'stop_sequence' {
  switch (unified) {
    case 'length':
      return 'max_tokens';
    case 'content-filter':
      return 'refusal';
    case 'tool-calls':
      return 'tool_use';
    case 'stop':
    case 'other':
      return stopSequence === undefined ? 'end_turn' : 'stop_sequence';
  }
}

export function messageUsage(usage: Usage | undefined) {
  return {
    ...tokenCounts(usage),
    cache_creation: null,
    inference_geo: null,
    service_tier: null,
    speed: null,
  };
}

/** What both a message and the end of a stream say of its tokens. */
export function tokenCounts(usage: Usage | undefined) {
  const cacheRead = usage?.cachedInputTokens ?? 0;
  const cacheWrite = usage?.cacheWriteTokens ?? 0;
  const thinking = usage?.reasoningTokens;
  return {
    // The vendor's input tokens are those the cache had nothing to do with; ours are all of them.
    input_tokens: Math.max(0, (usage?.inputTokens ?? 0) - cacheRead - cacheWrite),
    output_tokens: usage?.outputTokens ?? 0,
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
    output_tokens_details: thinking === undefined ? null : { thinking_tokens: thinking },
    server_tool_use: null,
  };
}

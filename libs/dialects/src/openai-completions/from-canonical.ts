import type { CanonicalResult, FinishReason } from '@penstock/contracts';
import { completionHead } from '../openai-chat/from-canonical.js';
import { completionUsage } from '../openai-chat/usage.js';
import type { AnswerIdentity } from '../translation.js';

/** A whole answer as a text completion: its texts alone, since the API has nothing else. */
export function textCompletion(result: CanonicalResult, identity: AnswerIdentity) {
  const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  return {
    ...textHead(identity),
    choices: [textChoice(text, textFinishReason(result.finishReason))],
    ...(result.usage === undefined ? {} : { usage: completionUsage(result.usage) }),
  };
}

export function textHead(identity: AnswerIdentity) {
  return { ...completionHead('cmpl', identity), object: 'text_completion' as const };
}

export function textChoice<Reason extends string | null>(text: string, finish_reason: Reason) {
  return { index: 0, text, logprobs: null, finish_reason };
}

export function textFinishReason({ unified }: FinishReason): 'stop' | 'length' | 'content_filter' {
  switch (unified) {
    case 'length':
      return 'length';
    case 'content-filter':
      return 'content_filter';
    case 'stop':
    case 'tool-calls':
    case 'other':
      return 'stop';
  }
}

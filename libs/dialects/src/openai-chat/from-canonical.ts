import type {
  CanonicalContent,
  CanonicalFile,
  CanonicalResult,
  CanonicalSource,
  CanonicalToolCall,
  FinishReason,
  TokenLogprob,
} from '@penstock/contracts';
import { toFileUrl } from '../canonical/file-data.js';
import type { AnswerIdentity } from '../translation.js';
import { completionUsage } from './usage.js';

/** A whole answer as a chat completion. */
export function chatCompletion(result: CanonicalResult, identity: AnswerIdentity) {
  return {
    ...completionHead('chatcmpl', identity),
    object: 'chat.completion' as const,
    choices: [
      {
        index: 0,
        message: message(result.content),
        logprobs: result.logprobs === undefined ? null : tokenLogprobs(result.logprobs),
        finish_reason: finishReason(result.finishReason),
      },
    ],
    ...(result.usage === undefined ? {} : { usage: completionUsage(result.usage) }),
  };
}

/** Fields that begin every answer and every chunk of chat and text completions. */
export function completionHead(prefix: string, { id, model, createdAtMs }: AnswerIdentity) {
  return { id: `${prefix}-${id}`, created: Math.floor(createdAtMs / 1_000), model };
}

function message(content: readonly CanonicalContent[]) {
  const text = textOf(content, 'text');
  const reasoning = textOf(content, 'reasoning');
  const toolCalls = content.filter((part) => part.type === 'tool-call');
  const sources = content.filter((part) => part.type === 'source');
  const files = content.filter((part) => part.type === 'file');
  return {
    role: 'assistant' as const,
    content: text === '' && opensWithToolCall(content) ? null : text,
    refusal: null,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls.map(toolCall) }),
    ...(sources.length === 0 ? {} : { annotations: sources.map(annotation) }),
    ...(files.length === 0 ? {} : { images: files.map(image) }),
  };
}

/** Such an answer has no text rather than an empty one: a stream cannot know better, and they are alike. */
function opensWithToolCall(content: readonly CanonicalContent[]): boolean {
  return content.find((part) => !('text' in part) || part.text !== '')?.type === 'tool-call';
}

function textOf(content: readonly CanonicalContent[], type: 'text' | 'reasoning'): string {
  return content.map((part) => (part.type === type ? part.text : '')).join('');
}

function toolCall(call: CanonicalToolCall) {
  return {
    id: call.toolCallId,
    type: 'function' as const,
    function: { name: call.toolName, arguments: call.input },
    ...extraContent(call),
  };
}

/** Google's models refuse a tool call that comes back without the signature of the thought behind it. */
export function extraContent({ providerMetadata }: Pick<CanonicalToolCall, 'providerMetadata'>) {
  const signature = providerMetadata?.['google']?.['thoughtSignature'];
  return typeof signature === 'string' ? { extra_content: { google: { thought_signature: signature } } } : {};
}

export function annotation({ url, title }: CanonicalSource) {
  return {
    type: 'url_citation' as const,
    url_citation: { url, title: title ?? url, start_index: 0, end_index: 0 },
  };
}

/** Not the vendor's own: how the servers that follow its API give images back in a chat. */
export function image(file: CanonicalFile) {
  return { type: 'image_url' as const, image_url: { url: toFileUrl(file.mediaType, file.data) } };
}

export function tokenLogprobs(logprobs: readonly TokenLogprob[]) {
  const entry = ({ token, logprob }: { readonly token: string; readonly logprob: number }) => ({
    token,
    logprob,
    bytes: [...new TextEncoder().encode(token)],
  });
  return {
    content: logprobs.map((one) => ({ ...entry(one), top_logprobs: one.topLogprobs.map(entry) })),
    refusal: null,
  };
}

export function finishReason({ unified }: FinishReason): 'stop' | 'length' | 'content_filter' | 'tool_calls' {
  switch (unified) {
    case 'length':
      return 'length';
    case 'content-filter':
      return 'content_filter';
    case 'tool-calls':
      return 'tool_calls';
    case 'stop':
    case 'other':
      return 'stop';
  }
}

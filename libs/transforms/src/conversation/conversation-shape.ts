import type { Api } from '@penstock/contracts';
import { isObject } from '../rules/field-path.js';
import type { JsonObject } from '../rules/rule.js';

/**
 * What a message is to a conversation. `pinned`: instructions, which stay. `user`: begins a turn. `answer`: the
 * model's, with its calls of tools. `result`: what a tool gave, which goes with the call before it.
 */
export type MessagePart = 'pinned' | 'user' | 'answer' | 'result';

/** Where an API has its conversation. */
export interface ConversationShape {
  /** The field with the list of messages. */
  readonly field: string;
  readonly partOf: (message: unknown) => MessagePart;
}

/** Absent: the API has no conversation. */
export const CONVERSATIONS: { readonly [api in Api]?: ConversationShape } = {
  'openai.chat': { field: 'messages', partOf: chatPart },
  'anthropic.messages': { field: 'messages', partOf: anthropicPart },
  'gemini.generate': { field: 'contents', partOf: geminiPart },
  'openai.responses': { field: 'input', partOf: responsesPart },
};

function chatPart(message: unknown): MessagePart {
  switch (fieldOf(message, 'role')) {
    case 'system':
    case 'developer':
      return 'pinned';
    case 'assistant':
      return 'answer';
    case 'tool':
    case 'function':
      return 'result';
    default:
      return 'user';
  }
}

function anthropicPart(message: unknown): MessagePart {
  const role = fieldOf(message, 'role');
  if (role === 'system') return 'pinned';
  if (role === 'assistant') return 'answer';
  return someOf(fieldOf(message, 'content'), (block) => fieldOf(block, 'type') === 'tool_result')
    ? 'result'
    : 'user';
}

function geminiPart(content: unknown): MessagePart {
  const role = fieldOf(content, 'role');
  if (role === 'model') return 'answer';
  if (role === 'function') return 'result';
  const isResult = (part: unknown) =>
    fieldOf(part, 'functionResponse') !== undefined || fieldOf(part, 'function_response') !== undefined;
  return someOf(fieldOf(content, 'parts'), isResult) ? 'result' : 'user';
}

function responsesPart(item: unknown): MessagePart {
  const type = fieldOf(item, 'type');
  if (typeof type === 'string' && type !== 'message') return type.endsWith('_output') ? 'result' : 'answer';
  const part = chatPart(item);
  return part === 'result' ? 'user' : part;
}

function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function someOf(value: unknown, test: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.some(test);
}

/** The list of messages; undefined where there is none. */
export function messagesOf(
  document: JsonObject,
  { field }: ConversationShape,
): readonly unknown[] | undefined {
  const messages = document[field];
  return Array.isArray(messages) ? messages : undefined;
}

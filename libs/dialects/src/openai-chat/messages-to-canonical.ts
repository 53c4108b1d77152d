import type {
  CanonicalMessage,
  FilePart,
  ProviderOptions,
  ReasoningPart,
  TextPart,
  ToolCallPart,
} from '@penstock/contracts';
import { cacheControlOptions } from '../canonical/cache-control.js';
import { readFileUrl } from '../canonical/file-data.js';
import { parseJsonText } from '../canonical/json-text.js';
import { withProviderOptions } from '../canonical/provider-options.js';
import type { Shortfalls } from '../canonical/shortfalls.js';
import { isObject } from '../json/check.js';
import type { ChatFile, ChatMessage, ChatPart, ChatToolCall } from './request.js';

const KNOWN: ReadonlySet<string> = new Set([
  'role',
  'content',
  'tool_calls',
  'tool_call_id',
  'refusal',
  'reasoning',
  'reasoning_content',
  // What the vendor's clients send back of an answer without any meaning as input.
  'annotations',
]);

export function messagesToCanonical(
  messages: readonly ChatMessage[],
  shortfalls: Shortfalls,
): readonly CanonicalMessage[] {
  const toolNames = new Map<string, string>();
  return messages.map((message, index) => {
    const path = `messages[${index}]`;
    shortfalls.dropUnknown(message, KNOWN, `${path}.`);
    switch (message.role) {
      case 'developer':
      case 'system':
        return system(message, path, shortfalls);
      case 'user':
        return { role: 'user', content: parts(message, path, shortfalls) };
      case 'assistant': {
        for (const call of message.tool_calls ?? []) toolNames.set(call.id, call.function?.name);
        return { role: 'assistant', content: assistantContent(message, path, shortfalls) };
      }
      case 'tool': {
        const toolCallId = message.tool_call_id ?? '';
        const toolName = toolNames.get(toolCallId) ?? toolCallId;
        const output = { type: 'text', value: textOf(message, path, shortfalls) } as const;
        return { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName, output }] };
      }
      case 'function':
        shortfalls.refuse(path, 'is a function message, which only its own API understands: use tools');
        return { role: 'tool', content: [] };
    }
  });
}

function system(message: ChatMessage, path: string, shortfalls: Shortfalls): CanonicalMessage {
  const content = textOf(message, path, shortfalls);
  const parts = typeof message.content === 'string' ? undefined : message.content;
  const marked = parts?.findLast((part) => part.cache_control);
  return { role: 'system', content, ...withProviderOptions(cacheControlOptions(marked)) };
}

function assistantContent(message: ChatMessage, path: string, shortfalls: Shortfalls) {
  const content: (ReasoningPart | TextPart | FilePart | ToolCallPart)[] = [];
  const thought = message.reasoning_content ?? message.reasoning;
  if (typeof thought === 'string' && thought !== '') content.push({ type: 'reasoning', text: thought });
  // A model that is shown an empty text of its own may be refused by the provider.
  content.push(
    ...parts(message, path, shortfalls).filter((part) => part.type !== 'text' || part.text !== ''),
  );
  if (typeof message.refusal === 'string') content.push({ type: 'text', text: message.refusal });
  for (const [index, call] of (message.tool_calls ?? []).entries()) {
    if (call.type === 'function') content.push(toolCall(call));
    else shortfalls.refuse(`${path}.tool_calls[${index}]`, 'is of a kind that only its own API understands');
  }
  return content;
}

function toolCall(call: ChatToolCall): ToolCallPart {
  return {
    type: 'tool-call',
    toolCallId: call.id,
    toolName: call.function.name,
    input: parseJsonText(call.function.arguments || '{}'),
    ...withProviderOptions(thoughtSignature(call.extra_content)),
  };
}

function thoughtSignature(extra: unknown): ProviderOptions {
  const google = isObject(extra) ? extra['google'] : undefined;
  const signature = isObject(google) ? google['thought_signature'] : undefined;
  return typeof signature === 'string' ? { google: { thoughtSignature: signature } } : {};
}

function parts(
  { content }: ChatMessage,
  path: string,
  shortfalls: Shortfalls,
): readonly (TextPart | FilePart)[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return (content ?? []).flatMap((one, index) => part(one, `${path}.content[${index}]`, shortfalls) ?? []);
}

function part(one: ChatPart, path: string, shortfalls: Shortfalls): TextPart | FilePart | undefined {
  switch (one.type) {
    case 'text':
      return { type: 'text', text: one.text, ...withProviderOptions(cacheControlOptions(one)) };
    case 'refusal':
      return { type: 'text', text: one.refusal };
    case 'image_url':
      return image(one, path, shortfalls);
    case 'input_audio': {
      const { data, format } = one.input_audio;
      return { type: 'file', mediaType: AUDIO[format] ?? `audio/${format}`, data: { type: 'data', data } };
    }
    case 'file': {
      const found = file(one.file, path, shortfalls);
      return found && { ...found, ...withProviderOptions(cacheControlOptions(one)) };
    }
    default:
      shortfalls.refuse(path, 'is of a kind that only its own API understands');
      return undefined;
  }
}

/** Formats whose media type has another name. */
const AUDIO: Readonly<Record<string, string>> = { mp3: 'audio/mpeg' };

function image(
  one: Extract<ChatPart, { type: 'image_url' }>,
  path: string,
  shortfalls: Shortfalls,
): FilePart | undefined {
  const found = readFileUrl(one.image_url.url);
  if (found === undefined) {
    shortfalls.refuse(`${path}.image_url.url`, 'is neither a URL of the web nor base64 data');
    return undefined;
  }
  const { detail } = one.image_url;
  return {
    type: 'file',
    mediaType: found.mediaType ?? 'image/*',
    data: found.data,
    ...withProviderOptions(
      detail === undefined ? {} : { openai: { imageDetail: detail } },
      cacheControlOptions(one),
    ),
  };
}

function file({ file_data, filename }: ChatFile, path: string, shortfalls: Shortfalls): FilePart | undefined {
  if (!file_data) {
    shortfalls.refuse(`${path}.file`, 'names a file that only its own API has: send its data');
    return undefined;
  }
  const found = readFileUrl(file_data) ?? { data: { type: 'data' as const, data: file_data } };
  return {
    type: 'file',
    ...(filename ? { filename } : {}),
    mediaType: found.mediaType ?? 'application/pdf',
    data: found.data,
  };
}

function textOf(message: ChatMessage, path: string, shortfalls: Shortfalls): string {
  return parts(message, path, shortfalls)
    .map((one, index) => {
      if (one.type === 'text') return one.text;
      shortfalls.refuse(`${path}.content[${index}]`, 'is no text');
      return '';
    })
    .join('\n');
}

import type {
  CanonicalMessage,
  FilePart,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '@penstock/contracts';
import { readFileUrl } from '../canonical/file-data.js';
import { parseJsonText } from '../canonical/json-text.js';
import { plainText } from '../canonical/plain-text.js';
import { withProviderOptions } from '../canonical/provider-options.js';
import type { Shortfalls } from '../canonical/shortfalls.js';
import type { FunctionCallOutputItem, InputItem, InputPart, MessageItem, ReasoningItem } from './request.js';
import { unsealReasoning } from './sealed-reasoning.js';

type AssistantPart = TextPart | FilePart | ReasoningPart | ToolCallPart;

/** Items to messages: what the model said, thought and called in one turn are items here and one message there. */
export function inputToCanonical(
  input: string | readonly InputItem[],
  shortfalls: Shortfalls,
): readonly CanonicalMessage[] {
  if (typeof input === 'string') return [{ role: 'user', content: [{ type: 'text', text: input }] }];
  const messages: CanonicalMessage[] = [];
  const toolNames = new Map<string, string>();
  let turn: AssistantPart[] | undefined;
  const say = (...parts: readonly AssistantPart[]) => {
    if (turn === undefined) messages.push({ role: 'assistant', content: (turn = []) });
    turn.push(...parts);
  };
  const push = (message: CanonicalMessage) => {
    turn = undefined;
    messages.push(message);
  };
  const message = ({ role, content }: MessageItem, path: string) => {
    const said = parts(content, path, shortfalls);
    if (role === 'assistant') say(...said);
    else if (role === 'user') push({ role, content: said });
    else push({ role: 'system', content: plainText(said, path, shortfalls) });
  };
  for (const [index, item] of input.entries()) {
    const path = `input[${index}]`;
    switch (item.type) {
      case undefined:
      case 'message':
        message(item, `${path}.content`);
        break;
      case 'function_call': {
        toolNames.set(item.call_id, item.name);
        const input = parseJsonText(item.arguments || '{}');
        say({ type: 'tool-call', toolCallId: item.call_id, toolName: item.name, input });
        break;
      }
      case 'function_call_output':
        push({ role: 'tool', content: [toolResult(item, path, toolNames, shortfalls)] });
        break;
      case 'reasoning':
        say(reasoning(item));
        break;
      default:
        shortfalls.refuseKind(path);
    }
  }
  return messages;
}

function toolResult(
  { call_id, output }: FunctionCallOutputItem,
  path: string,
  toolNames: ReadonlyMap<string, string>,
  shortfalls: Shortfalls,
): ToolResultPart {
  const value = typeof output === 'string' ? output : parts(output, `${path}.output`, shortfalls);
  return {
    type: 'tool-result',
    toolCallId: call_id,
    toolName: toolNames.get(call_id) ?? call_id,
    output: typeof value === 'string' ? { type: 'text', value } : { type: 'content', value },
  };
}

function reasoning({ id, summary, content, encrypted_content }: ReasoningItem): ReasoningPart {
  const texts = content && content.length > 0 ? content : (summary ?? []);
  return {
    type: 'reasoning',
    text: texts.map((one) => one.text).join('\n\n'),
    ...withProviderOptions(encrypted_content ? unsealReasoning(encrypted_content, id) : {}),
  };
}

function parts(
  content: string | readonly InputPart[],
  path: string,
  shortfalls: Shortfalls,
): readonly (TextPart | FilePart)[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.flatMap((one, index) => part(one, `${path}[${index}]`, shortfalls) ?? []);
}

function part(one: InputPart, path: string, shortfalls: Shortfalls): TextPart | FilePart | undefined {
  switch (one.type) {
    case 'input_text':
    case 'output_text':
      return { type: 'text', text: one.text };
    case 'refusal':
      return { type: 'text', text: one.refusal };
    case 'input_image': {
      const found = one.image_url ? readFileUrl(one.image_url) : undefined;
      if (found === undefined) break;
      const detail = one.detail ? { openai: { imageDetail: one.detail } } : {};
      const mediaType = found.mediaType ?? 'image/*';
      return { type: 'file', mediaType, data: found.data, ...withProviderOptions(detail) };
    }
    case 'input_file': {
      const found = one.file_url
        ? readFileUrl(one.file_url)
        : one.file_data
          ? (readFileUrl(one.file_data) ?? { data: { type: 'data' as const, data: one.file_data } })
          : undefined;
      if (found === undefined) break;
      const filename = one.filename ? { filename: one.filename } : {};
      return { type: 'file', ...filename, mediaType: found.mediaType ?? 'application/pdf', data: found.data };
    }
    default:
      shortfalls.refuseKind(path);
      return undefined;
  }
  shortfalls.refuse(path, 'cannot be sent to a provider of another API: send base64 data or a URL');
  return undefined;
}

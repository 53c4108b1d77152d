import type {
  CanonicalMessage,
  FilePart,
  ProviderOptions,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '@penstock/contracts';
import { readFileUrl } from '../canonical/file-data.js';
import { withProviderOptions } from '../canonical/provider-options.js';
import type { Shortfalls } from '../canonical/shortfalls.js';
import { UserTurn } from '../canonical/user-turn.js';
import type { Content, Part } from './request.js';

/** What a part may hold besides its content. */
const BESIDES: ReadonlySet<string> = new Set(['thought', 'thoughtSignature', 'videoMetadata']);

export function systemMessages(
  content: Content | null | undefined,
  shortfalls: Shortfalls,
): readonly CanonicalMessage[] {
  const texts = (content?.parts ?? []).map((part, index) => {
    if (typeof part.text !== 'string') shortfalls.refuse(`systemInstruction.parts[${index}]`, 'is no text');
    return part.text ?? '';
  });
  return texts.length === 0 ? [] : [{ role: 'system', content: texts.join('\n') }];
}

/**
 * Function calls need no id here and do elsewhere: those without get one by their order, and a response
 * without goes to the oldest call of its name that has none yet.
 */
export function contentsToCanonical(
  contents: readonly Content[],
  shortfalls: Shortfalls,
): readonly CanonicalMessage[] {
  const calls = new CallIds();
  return contents.flatMap(({ role, parts }, index) => {
    const placed = (parts ?? []).map((part, at) => ({ part, path: `contents[${index}].parts[${at}]` }));
    if (role === 'model') {
      return [
        {
          role: 'assistant' as const,
          content: placed.flatMap(({ part, path }) => said(part, path, calls, shortfalls)),
        },
      ];
    }
    return userMessages(placed, calls, shortfalls);
  });
}

function userMessages(
  placed: readonly { readonly part: Part; readonly path: string }[],
  calls: CallIds,
  shortfalls: Shortfalls,
): readonly CanonicalMessage[] {
  const turn = new UserTurn();
  for (const { part, path } of placed) {
    if (part.functionResponse) turn.answer(toolResult(part.functionResponse, calls));
    else {
      const said = shown(part, path, shortfalls);
      if (said !== undefined) turn.say(said);
    }
  }
  return turn.messages;
}

function said(
  part: Part,
  path: string,
  calls: CallIds,
  shortfalls: Shortfalls,
): (TextPart | FilePart | ReasoningPart | ToolCallPart)[] {
  const options = withProviderOptions(signature(part));
  if (part.functionCall) {
    const { id, name, args } = part.functionCall;
    return [
      {
        type: 'tool-call',
        toolCallId: calls.called(name, id),
        toolName: name,
        input: args ?? {},
        ...options,
      },
    ];
  }
  if (part.thought) return [{ type: 'reasoning', text: part.text ?? '', ...options }];
  const shownPart = shown(part, path, shortfalls);
  return shownPart === undefined ? [] : [{ ...shownPart, ...options }];
}

function shown(part: Part, path: string, shortfalls: Shortfalls): TextPart | FilePart | undefined {
  if (typeof part.text === 'string') return { type: 'text', text: part.text };
  if (part.inlineData) {
    const { mimeType, data, displayName } = part.inlineData;
    const filename = displayName === undefined ? {} : { filename: displayName };
    return { type: 'file', mediaType: mimeType, data: { type: 'data', data }, ...filename };
  }
  if (part.fileData) {
    const found = readFileUrl(part.fileData.fileUri);
    const mediaType = part.fileData.mimeType ?? found?.mediaType;
    if (found !== undefined && mediaType) return { type: 'file', mediaType, data: found.data };
    shortfalls.refuse(`${path}.fileData`, 'must have a media type and a URL of the web');
    return undefined;
  }
  const content = Object.keys(part).filter((name) => !BESIDES.has(name));
  // A part may carry nothing but the signature of a thought.
  if (content.length > 0) shortfalls.refuseKind(path);
  return undefined;
}

function toolResult(
  { id, name, response }: NonNullable<Part['functionResponse']>,
  calls: CallIds,
): ToolResultPart {
  return {
    type: 'tool-result',
    toolCallId: calls.answered(name, id),
    toolName: name,
    output: { type: 'json', value: response ?? {} },
  };
}

function signature({ thoughtSignature }: Part): ProviderOptions {
  return thoughtSignature ? { google: { thoughtSignature } } : {};
}

class CallIds {
  private made = 0;
  private readonly open = new Map<string, string[]>();

  called(name: string, id: string | undefined): string {
    if (id) return id;
    const madeId = `call_${this.made++}`;
    this.open.set(name, [...(this.open.get(name) ?? []), madeId]);
    return madeId;
  }

  answered(name: string, id: string | undefined): string {
    return id || (this.open.get(name)?.shift() ?? name);
  }
}

import type { CanonicalFinish, CanonicalStreamPart, CanonicalToolCall, Refusal } from '@penstock/contracts';
import { DONE_EVENT, encodeEvent, joinEvents, NO_EVENT } from '../sse/encode-event.js';
import type { AnswerIdentity, StreamRenderer } from '../translation.js';
import { renderOpenAiStreamError } from './error.js';
import {
  annotation,
  completionHead,
  extraContent,
  finishReason,
  image,
  tokenLogprobs,
} from './from-canonical.js';
import { completionUsage } from './usage.js';

/**
 * A streamed chat completion. The role comes with the first content, not before: until then another deployment
 * may still take over. A chunk of usage comes before `[DONE]`, and only if the client asked for it.
 */
export class ChatStream implements StreamRenderer {
  private started = false;
  private ended = false;
  /** Tool calls by id: their place in the answer, and whether their signature has been sent. */
  private readonly toolCalls = new Map<string, { readonly index: number; readonly signed: boolean }>();

  constructor(
    private readonly identity: AnswerIdentity,
    private readonly includeUsage: boolean,
  ) {}

  render(part: CanonicalStreamPart): Uint8Array {
    if (this.ended) return NO_EVENT;
    switch (part.type) {
      case 'text-delta':
        return part.delta === '' ? NO_EVENT : this.content({ content: part.delta });
      case 'reasoning-delta':
        return part.delta === '' ? NO_EVENT : this.content({ reasoning_content: part.delta });
      case 'tool-input-start':
        return this.startToolCall({ ...part, toolCallId: part.id, input: '' });
      case 'tool-input-delta':
        return this.toolCallDelta(part.id, { function: { arguments: part.delta } });
      case 'tool-call':
        return this.wholeToolCall(part);
      case 'source':
        return this.content({ annotations: [annotation(part)] });
      case 'file':
        return this.content({ images: [image(part)] });
      case 'finish':
        return this.finish(part);
      default:
        return NO_EVENT;
    }
  }

  fail(refusal: Refusal): Uint8Array {
    if (this.ended) return NO_EVENT;
    this.ended = true;
    return renderOpenAiStreamError(refusal);
  }

  private startToolCall(call: Omit<CanonicalToolCall, 'type'>): Uint8Array {
    const index = this.toolCalls.size;
    const extra = extraContent(call);
    this.toolCalls.set(call.toolCallId, { index, signed: 'extra_content' in extra });
    const head = { index, id: call.toolCallId, type: 'function' as const };
    const delta = {
      tool_calls: [{ ...head, function: { name: call.toolName, arguments: call.input }, ...extra }],
    };
    return this.content(delta, null);
  }

  /** Nothing where its parts have been streamed already, but for a signature that only the whole call brought. */
  private wholeToolCall(call: CanonicalToolCall): Uint8Array {
    const known = this.toolCalls.get(call.toolCallId);
    if (known === undefined) return this.startToolCall(call);
    const extra = extraContent(call);
    return 'extra_content' in extra && !known.signed ? this.toolCallDelta(call.toolCallId, extra) : NO_EVENT;
  }

  private toolCallDelta(id: string, delta: object): Uint8Array {
    return this.content({ tool_calls: [{ index: this.toolCalls.get(id)?.index ?? 0, ...delta }] });
  }

  private content(delta: object, openingText: '' | null = ''): Uint8Array {
    if (this.started) return this.chunk(delta);
    this.started = true;
    return joinEvents(
      this.chunk({ role: 'assistant', content: openingText, refusal: null }),
      this.chunk(delta),
    );
  }

  private finish({ finishReason: reason, usage, logprobs }: CanonicalFinish): Uint8Array {
    const opening = this.started ? NO_EVENT : this.content({});
    this.ended = true;
    const last = this.chunk({}, finishReason(reason), logprobs && tokenLogprobs(logprobs));
    const counted =
      this.includeUsage && usage !== undefined
        ? encodeEvent({ ...this.head(), choices: [], usage: completionUsage(usage) })
        : NO_EVENT;
    return joinEvents(opening, last, counted, DONE_EVENT);
  }

  private chunk(
    delta: object,
    finish_reason: string | null = null,
    logprobs: object | null = null,
  ): Uint8Array {
    const choices = [{ index: 0, delta, logprobs, finish_reason }];
    return encodeEvent({ ...this.head(), choices, ...(this.includeUsage ? { usage: null } : {}) });
  }

  private head() {
    return { ...completionHead('chatcmpl', this.identity), object: 'chat.completion.chunk' as const };
  }
}

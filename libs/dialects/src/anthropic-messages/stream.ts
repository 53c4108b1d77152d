import type {
  CanonicalFinish,
  CanonicalStreamPart,
  CanonicalToolCall,
  ProviderOptions,
  Refusal,
} from '@penstock/contracts';
import { encodeEvent, joinEvents, NO_EVENT } from '../sse/encode-event.js';
import type { AnswerIdentity, StreamRenderer } from '../translation.js';
import { renderAnthropicStreamError } from './error.js';
import {
  emptyText,
  emptyThinking,
  messageHead,
  messageUsage,
  redactedThinking,
  stopReason,
  thinkingSecrets,
  tokenCounts,
  toolUse,
} from './from-canonical.js';

/**
 * A streamed message. A block begins with its first content, so that empty ones never appear; blocks may
 * overlap, as they do where tool calls are made side by side, and are told apart by their index.
 */
export class MessageStream implements StreamRenderer {
  private started = false;
  private ended = false;
  private blocks = 0;
  /** Index of each block that is open, by kind and id: a text and a thought may share an id. */
  private readonly open = new Map<string, number>();
  /** Tool calls whose input has been streamed. */
  private readonly streamedCalls = new Set<string>();

  constructor(private readonly identity: AnswerIdentity) {}

  render(part: CanonicalStreamPart): Uint8Array {
    if (this.ended) return NO_EVENT;
    switch (part.type) {
      case 'text-delta':
        if (part.delta === '') return NO_EVENT;
        return this.delta(`text ${part.id}`, emptyText, { type: 'text_delta', text: part.delta });
      case 'text-end':
        return this.stop(`text ${part.id}`);
      case 'reasoning-start':
      case 'reasoning-delta':
      case 'reasoning-end':
        return this.thinking(
          part.id,
          part.type === 'reasoning-delta' ? part.delta : '',
          part.providerMetadata,
          part.type,
        );
      case 'tool-input-start':
        this.streamedCalls.add(part.id);
        return this.start(`tool ${part.id}`, toolUse(part.id, part.toolName));
      case 'tool-input-delta':
        return this.inputDelta(part.id, part.delta);
      case 'tool-input-end':
        return this.stop(`tool ${part.id}`);
      case 'tool-call':
        return this.streamedCalls.has(part.toolCallId) ? NO_EVENT : this.wholeToolCall(part);
      case 'finish':
        return this.finish(part);
      default:
        return NO_EVENT;
    }
  }

  fail(refusal: Refusal): Uint8Array {
    if (this.ended) return NO_EVENT;
    this.ended = true;
    return renderAnthropicStreamError(refusal);
  }

  private thinking(
    id: string,
    text: string,
    metadata: ProviderOptions | undefined,
    type: string,
  ): Uint8Array {
    const key = `thinking ${id}`;
    const { signature, redactedData } = thinkingSecrets(metadata);
    const events: Uint8Array[] = [];
    if (redactedData !== undefined && !this.open.has(key))
      events.push(this.start(key, redactedThinking(redactedData)));
    if (text !== '') events.push(this.delta(key, emptyThinking, { type: 'thinking_delta', thinking: text }));
    if (signature !== undefined)
      events.push(this.delta(key, emptyThinking, { type: 'signature_delta', signature }));
    if (type === 'reasoning-end') events.push(this.stop(key));
    return joinEvents(...events);
  }

  private wholeToolCall(call: CanonicalToolCall): Uint8Array {
    const key = `tool ${call.toolCallId}`;
    const start = this.start(key, toolUse(call.toolCallId, call.toolName));
    return joinEvents(start, this.inputDelta(call.toolCallId, call.input), this.stop(key));
  }

  private inputDelta(id: string, text: string): Uint8Array {
    const index = this.open.get(`tool ${id}`);
    return index === undefined
      ? NO_EVENT
      : blockDelta(index, { type: 'input_json_delta', partial_json: text });
  }

  private delta(key: string, emptyBlock: object, delta: object): Uint8Array {
    const start = this.open.has(key) ? NO_EVENT : this.start(key, emptyBlock);
    return joinEvents(start, blockDelta(this.open.get(key) ?? 0, delta));
  }

  private start(key: string, block: object): Uint8Array {
    const index = this.blocks++;
    this.open.set(key, index);
    const event = { type: 'content_block_start', index, content_block: block };
    return joinEvents(this.begin(), encodeEvent(event, event.type));
  }

  private stop(key: string): Uint8Array {
    const index = this.open.get(key);
    if (index === undefined) return NO_EVENT;
    this.open.delete(key);
    return encodeEvent({ type: 'content_block_stop', index }, 'content_block_stop');
  }

  /** The counts of the prompt are not known yet: they come with the end. */
  private begin(): Uint8Array {
    if (this.started) return NO_EVENT;
    this.started = true;
    const empty = { content: [], stop_reason: null, stop_sequence: null, usage: messageUsage(undefined) };
    return encodeEvent(
      { type: 'message_start', message: { ...messageHead(this.identity), ...empty } },
      'message_start',
    );
  }

  private finish({ finishReason, usage }: CanonicalFinish): Uint8Array {
    const begin = this.begin();
    const stops = [...this.open.keys()].map((key) => this.stop(key));
    this.ended = true;
    const delta = {
      stop_reason: stopReason(finishReason),
      stop_sequence: finishReason.stopSequence ?? null,
      stop_details: null,
      container: null,
    };
    const end = encodeEvent({ type: 'message_delta', delta, usage: tokenCounts(usage) }, 'message_delta');
    return joinEvents(begin, ...stops, end, encodeEvent({ type: 'message_stop' }, 'message_stop'));
  }
}

function blockDelta(index: number, delta: object): Uint8Array {
  return encodeEvent({ type: 'content_block_delta', index, delta }, 'content_block_delta');
}

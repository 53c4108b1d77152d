import type {
  CanonicalFinish,
  CanonicalSource,
  CanonicalStreamPart,
  ProviderOptions,
} from '@penstock/contracts';
import type { AnswerIdentity } from '../translation.js';
import { MessageAssembly } from './message-assembly.js';
import {
  outputLogprob,
  type FunctionCallOutput,
  type OutputItem,
  type ReasoningOutput,
} from './output-item.js';
import type { ResponsesRequest } from './request.js';
import { finishedResponse, responseHead, type FinishedResponse } from './response-object.js';
import { sealReasoning } from './sealed-reasoning.js';

/** An event of the Responses API without its number in the stream. */
export type ResponseEvent = { readonly type: string } & Readonly<Record<string, unknown>>;

interface Placed<Item extends OutputItem> {
  readonly item: Item;
  readonly output_index: number;
}

/**
 * Puts a response together part by part, and tells the events on the way. The vendor's stream repeats every
 * item whole when it is done and the response whole at the end, so that whoever writes the stream has the
 * answer too: whole answers are written by the same code.
 *
 * Texts that follow each other are one message. Files have no item that the vendor's clients would know, and
 * are left out.
 */
export class ResponseAssembly {
  private readonly head;
  private readonly output: OutputItem[] = [];
  private message: MessageAssembly | undefined;
  private readonly thoughts = new Map<string, Placed<ReasoningOutput>>();
  private readonly calls = new Map<string, Placed<FunctionCallOutput>>();
  /** Sources that came before the text they belong to. */
  private waiting: CanonicalSource[] = [];

  constructor(
    request: ResponsesRequest,
    private readonly identity: AnswerIdentity,
  ) {
    this.head = responseHead(request, identity);
  }

  opening(): readonly ResponseEvent[] {
    return ['response.created', 'response.in_progress'].map((type) => ({ type, response: this.head }));
  }

  *apply(part: CanonicalStreamPart): Generator<ResponseEvent> {
    switch (part.type) {
      case 'text-delta':
        if (part.delta !== '') yield* this.text(part.delta);
        break;
      case 'reasoning-start':
      case 'reasoning-delta':
      case 'reasoning-end':
        yield* this.reason(part.id, 'delta' in part ? part.delta : '', part.providerMetadata);
        if (part.type === 'reasoning-end') yield* this.endThought(part.id);
        break;
      case 'tool-input-start':
        yield* this.startCall(part.id, part.toolName);
        break;
      case 'tool-input-delta':
        yield* this.callDelta(part.id, part.delta);
        break;
      case 'tool-call':
        if (!this.calls.has(part.toolCallId)) {
          yield* this.startCall(part.toolCallId, part.toolName);
          yield* this.callDelta(part.toolCallId, part.input);
        }
        yield* this.endCall(part.toolCallId);
        break;
      case 'source':
        if (this.message === undefined) this.waiting.push(part);
        else yield this.message.cite(part);
        break;
      case 'finish': {
        const response = yield* this.finish(part);
        yield { type: `response.${response.status}`, response };
        break;
      }
      default:
        break;
    }
  }

  private *text(delta: string): Generator<ResponseEvent> {
    if (this.message === undefined) {
      this.message = new MessageAssembly(this.itemId('msg'), this.output.length);
      this.output.push(this.message.item);
      yield* this.message.open();
      for (const source of this.waiting) yield this.message.cite(source);
      this.waiting = [];
    }
    yield this.message.write(delta);
  }

  private *endMessage(): Generator<ResponseEvent> {
    if (this.message !== undefined) yield* this.message.close();
    this.message = undefined;
  }

  /** A thought begins with its first text or secret: an empty one never appears. */
  private *reason(
    id: string,
    delta: string,
    metadata: ProviderOptions | undefined,
  ): Generator<ResponseEvent> {
    const secret = sealReasoning(metadata);
    if (delta === '' && secret === undefined) return;
    let thought = this.thoughts.get(id);
    if (thought === undefined) {
      const item: ReasoningOutput = {
        type: 'reasoning',
        id: this.itemId('rs'),
        status: 'in_progress',
        summary: [],
      };
      thought = yield* this.place(item);
      this.thoughts.set(id, thought);
    }
    const { item, output_index } = thought;
    if (secret !== undefined) item.encrypted_content = secret;
    if (delta === '') return;
    const place = { item_id: item.id, output_index, summary_index: 0 };
    if (item.summary.length === 0) {
      item.summary.push({ type: 'summary_text', text: '' });
      const part = { type: 'summary_text', text: '' };
      yield { type: 'response.reasoning_summary_part.added', ...place, part };
    }
    for (const part of item.summary) part.text += delta;
    yield { type: 'response.reasoning_summary_text.delta', ...place, delta };
  }

  private *endThought(id: string): Generator<ResponseEvent> {
    const thought = this.thoughts.get(id);
    if (thought === undefined) return;
    this.thoughts.delete(id);
    const { item, output_index } = thought;
    const place = { item_id: item.id, output_index, summary_index: 0 };
    for (const part of item.summary) {
      yield { type: 'response.reasoning_summary_text.done', ...place, text: part.text };
      yield { type: 'response.reasoning_summary_part.done', ...place, part };
    }
    yield* this.done(thought);
  }

  private *startCall(callId: string, name: string): Generator<ResponseEvent> {
    const item: FunctionCallOutput = {
      type: 'function_call',
      id: this.itemId('fc'),
      call_id: callId,
      name,
      arguments: '',
      status: 'in_progress',
    };
    this.calls.set(callId, yield* this.place(item));
  }

  private *callDelta(callId: string, delta: string): Generator<ResponseEvent> {
    const call = this.calls.get(callId);
    if (call === undefined || delta === '') return;
    call.item.arguments += delta;
    const place = { item_id: call.item.id, output_index: call.output_index };
    yield { type: 'response.function_call_arguments.delta', ...place, delta };
  }

  private *endCall(callId: string): Generator<ResponseEvent> {
    const call = this.calls.get(callId);
    if (call === undefined || call.item.status === 'completed') return;
    const { id: item_id, arguments: text } = call.item;
    const place = { item_id, output_index: call.output_index };
    yield { type: 'response.function_call_arguments.done', ...place, arguments: text };
    yield* this.done(call);
  }

  /** Ends what is still open, and gives the whole answer. */
  *finish({ finishReason, usage, logprobs }: CanonicalFinish): Generator<ResponseEvent, FinishedResponse> {
    if (logprobs !== undefined) this.message?.setLogprobs(logprobs.map(outputLogprob));
    yield* this.endMessage();
    for (const id of [...this.thoughts.keys()]) yield* this.endThought(id);
    for (const id of this.calls.keys()) yield* this.endCall(id);
    return finishedResponse(this.head, this.output, finishReason, usage);
  }

  private *place<Item extends OutputItem>(item: Item): Generator<ResponseEvent, Placed<Item>> {
    yield* this.endMessage();
    const output_index = this.output.length;
    this.output.push(item);
    yield { type: 'response.output_item.added', output_index, item: structuredClone(item) };
    return { item, output_index };
  }

  private *done({ item, output_index }: Placed<OutputItem>): Generator<ResponseEvent> {
    item.status = 'completed';
    yield { type: 'response.output_item.done', output_index, item };
  }

  private itemId(prefix: string): string {
    return `${prefix}_${this.identity.id}_${this.output.length}`;
  }
}

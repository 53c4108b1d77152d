import { refusal, type Read } from '@penstock/contracts';

export type Item = Readonly<Record<string, unknown>>;

/** A response that is kept, with all that led to it. */
export interface KeptResponse {
  /** All items the model was given, those of earlier responses included. */
  readonly input: readonly Item[];
  /** Absent for one made in the background, whose answer is kept with its job. */
  readonly response?: Item;
}

/** A request as far as it matters for what is kept. */
export interface ConversationRequest {
  readonly fields: Item;
  readonly previousId: string | undefined;
  /** False when the client asks that nothing be kept. */
  readonly store: boolean;
  readonly items: readonly Item[];
}

/** Undefined for a body that is no request: it is refused where all bodies are read. */
export function readConversation(body: Uint8Array): ConversationRequest | undefined {
  let fields: Item;
  try {
    fields = JSON.parse(Buffer.from(body).toString('utf8')) as Item;
  } catch {
    return undefined;
  }
  if (typeof fields !== 'object' || fields === null) return undefined;
  const { previous_response_id: previousId, store, input } = fields;
  return {
    fields,
    previousId: typeof previousId === 'string' ? previousId : undefined,
    store: store !== false,
    items: itemsOf(input),
  };
}

/** The request with the earlier conversation in its input, so that any provider can go on from it. */
export function continueFrom(
  previous: KeptResponse & { readonly response: Item },
  { fields, items }: ConversationRequest,
): { readonly body: Uint8Array; readonly items: readonly Item[] } {
  const output = Array.isArray(previous.response['output']) ? (previous.response['output'] as Item[]) : [];
  const input = [...previous.input, ...output.flatMap(asInput), ...items];
  const { previous_response_id: _, ...rest } = fields;
  return { body: Buffer.from(JSON.stringify({ ...rest, input })), items: input };
}

export function noRetention(): Read<never> {
  const message =
    'Nothing of this tenant is kept (data.zeroRetention), so there is no previous response to go on from: send the whole conversation as input.';
  return { ok: false, refusal: refusal('unprocessable', { param: 'previous_response_id', message }) };
}

/** The response that an answer holds, one body or a stream of events; undefined when it holds none. */
export function responseIn(answer: string, streamed: boolean): Item | undefined {
  if (!streamed) return parse(answer);
  for (const line of answer.split('\n')) {
    if (!line.startsWith('data:') || !/"response\.(completed|incomplete)"/.test(line)) continue;
    const event = parse(line.slice('data:'.length));
    const response = event?.['response'];
    if (typeof response === 'object' && response !== null) return response as Item;
  }
  return undefined;
}

function itemsOf(input: unknown): readonly Item[] {
  if (Array.isArray(input)) return input as Item[];
  if (typeof input !== 'string') return [];
  return [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }];
}

/**
 * What a model said as something it is given. Without the ids of its provider, which another one would look for in
 * vain; reasoning that is not there in full cannot be given back.
 */
function asInput(item: Item): readonly Item[] {
  if (item['type'] === 'reasoning' && typeof item['encrypted_content'] !== 'string') return [];
  const { id: _, status: __, ...rest } = item;
  return [rest];
}

function parse(text: string): Item | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Item) : undefined;
  } catch {
    return undefined;
  }
}

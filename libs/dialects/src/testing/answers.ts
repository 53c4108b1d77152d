/** For the specs of translated answers: requests, answers of all kinds, and providers' streams of them. */
import type {
  Api,
  CanonicalContent,
  CanonicalResult,
  CanonicalStreamPart,
  FinishReason,
} from '@penstock/contracts';
import fc from 'fast-check';
import { translateRequest } from '../translate-request.js';
import type { Translation } from '../translation.js';

export const identity = { id: 'job-1', model: 'small', createdAtMs: 1_790_000_000_000 };
export const GENERATIVE = [
  'openai.chat',
  'openai.completions',
  'openai.responses',
  'anthropic.messages',
  'gemini.generate',
] as const satisfies readonly Api[];

export const bodies: Record<(typeof GENERATIVE)[number], object> = {
  'openai.chat': {
    model: 'small',
    messages: [{ role: 'user', content: 'Hi' }],
    stream: true,
    stream_options: { include_usage: true },
  },
  'openai.completions': {
    model: 'small',
    prompt: 'Hi',
    stream: true,
    stream_options: { include_usage: true },
  },
  'openai.responses': { model: 'small', input: 'Hi' },
  'anthropic.messages': { model: 'small', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] },
  'gemini.generate': {
    contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
    generationConfig: { thinkingConfig: { includeThoughts: true } },
  },
};

export function translation(api: keyof typeof bodies, more: object = {}): Translation {
  const read = translateRequest(api, new TextEncoder().encode(JSON.stringify({ ...bodies[api], ...more })));
  if (!read.ok) throw new Error(read.refusal.message);
  return read.value;
}

export const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
export const json = <Answer>(bytes: Uint8Array) => JSON.parse(text(bytes)) as Answer;

export function streamed(made: Translation, parts: Iterable<CanonicalStreamPart>): string {
  const renderer = made.startStream(identity);
  return [...parts].map((part) => text(renderer.render(part))).join('');
}

/** The payloads of a stream's events, `[DONE]` left out. */
export function payloads<Payload = unknown>(stream: string): Payload[] {
  return stream
    .split('\n\n')
    .flatMap((event) => /^data: (\{.*\})$/m.exec(event)?.[1] ?? [])
    .map((data) => JSON.parse(data) as Payload);
}

/** A result as a provider would stream it, its texts cut at these places. */
export function* cut(
  result: CanonicalResult,
  size: number,
  callsWhole: boolean,
): Generator<CanonicalStreamPart> {
  yield { type: 'response-metadata', id: 'up-1', modelId: 'upstream' };
  for (const [index, part] of result.content.entries()) {
    const id = String(index);
    if (part.type === 'text' || part.type === 'reasoning') {
      yield { type: `${part.type}-start`, id };
      for (const delta of pieces(part.text, size)) yield { type: `${part.type}-delta`, id, delta };
      const metadata = part.providerMetadata;
      yield { type: `${part.type}-end`, id, ...(metadata ? { providerMetadata: metadata } : {}) };
    } else if (part.type === 'tool-call' && !callsWhole) {
      yield { type: 'tool-input-start', id: part.toolCallId, toolName: part.toolName };
      for (const delta of pieces(part.input, size))
        yield { type: 'tool-input-delta', id: part.toolCallId, delta };
      yield { type: 'tool-input-end', id: part.toolCallId };
      yield part;
    } else yield part;
  }
  const { finishReason, usage } = result;
  yield { type: 'finish', finishReason, ...(usage ? { usage } : {}) };
}

function pieces(whole: string, size: number): string[] {
  const found = [];
  for (let at = 0; at < whole.length; at += size) found.push(whole.slice(at, at + size));
  return found;
}

const words = fc.string({ unit: 'grapheme', maxLength: 40 });

const toolCall = fc.record({
  toolName: fc.constantFrom('weather', 'clock'),
  input: fc.dictionary(fc.string(), words),
});

const thought = fc.record({ text: words, signature: fc.option(fc.base64String(), { nil: undefined }) });

/** Answers of the kinds all dialects have: thoughts, a text, tool calls, in the order in which models make them. */
const result: fc.Arbitrary<CanonicalResult> = fc
  .record({
    thoughts: fc.array(thought, { maxLength: 2 }),
    text: words,
    calls: fc.array(toolCall, { maxLength: 3 }),
    reason: fc.constantFrom<FinishReason['unified']>(
      'stop',
      'length',
      'content-filter',
      'tool-calls',
      'other',
    ),
    tokens: fc.array(fc.nat(10_000), { minLength: 5, maxLength: 5 }),
  })
  .map(({ thoughts, text: said, calls, reason, tokens: [a = 0, b = 0, c = 0, d = 0, e = 0] }) => ({
    content: [
      ...thoughts.map((one): CanonicalContent => ({
        type: 'reasoning',
        text: one.text,
        ...(one.signature ? { providerMetadata: { anthropic: { signature: one.signature } } } : {}),
      })),
      { type: 'text' as const, text: said },
      ...calls.map((call, index): CanonicalContent => ({
        type: 'tool-call',
        toolCallId: `call-${index}`,
        toolName: call.toolName,
        input: JSON.stringify(call.input),
      })),
    ],
    finishReason: { unified: reason },
    usage: {
      inputTokens: a + b + c,
      cachedInputTokens: b,
      cacheWriteTokens: c,
      outputTokens: d + e,
      reasoningTokens: e,
      source: 'provider',
    },
  }));

export const answers = fc.tuple(result, fc.integer({ min: 1, max: 7 }), fc.boolean());

/** A fetch that answers with this stream. */
export const answering = (stream: string) => async () =>
  new Response(stream, { headers: { 'content-type': 'text/event-stream' } });

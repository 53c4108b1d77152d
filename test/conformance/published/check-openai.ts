import type { Exchange } from '../wire/recording-proxy.js';
import { eventsOf } from './events.js';
import { publishedSchema } from './published-schema.js';

const published = publishedSchema('openai');

type Json = Readonly<Record<string, unknown>>;

/** Which type answers a path, where the answer is one object; of a list it is the type of its members. */
const ANSWERS: readonly (readonly [path: RegExp, type: string])[] = [
  [/^\/v1\/chat\/completions$/, 'chat'],
  [/^\/v1\/completions$/, 'completion'],
  [/^\/v1\/embeddings$/, 'embeddings'],
  [/^\/v1\/responses/, 'response'],
  [/^\/v1\/models/, 'model'],
  [/^\/v1\/files/, 'file'],
  [/^\/v1\/batches/, 'batch'],
];

const CHUNKS: Readonly<Record<string, string>> = { chat: 'chatChunk', completion: 'completion' };

export function checkOpenAi(exchange: Exchange, path: string): string[] {
  const { status, contentType, responseBody, method } = exchange;
  if (contentType.startsWith('text/event-stream')) return checkStream(path, responseBody);
  if (path.endsWith('/content')) return [];
  if (status >= 400) return checkError(JSON.parse(responseBody) as Json);
  const type = method === 'DELETE' ? 'fileDeleted' : typeOf(path);
  if (type === undefined) return ['there is no published type for this path'];
  const body = JSON.parse(responseBody) as Json;
  if (body['object'] === 'list' && type !== 'embeddings')
    return (body['data'] as Json[]).flatMap((one) => complaints(type, one));
  return complaints(type, body);
}

function typeOf(path: string): string | undefined {
  return ANSWERS.find(([pattern]) => pattern.test(path))?.[1];
}

function checkError({ error }: Json): string[] {
  return published.complaints('error', error);
}

function checkStream(path: string, stream: string): string[] {
  const events = eventsOf(stream);
  const type = typeOf(path);
  if (type === 'response')
    return checkResponseEvents(
      events.map(({ data }) => JSON.parse(data) as Json),
      events,
    );
  const chunkType = CHUNKS[type ?? ''];
  if (chunkType === undefined) return ['there is no published type of a chunk for this path'];
  const last = events.at(-1)?.data;
  const chunks = events.filter(({ data }) => data !== '[DONE]').map(({ data }) => JSON.parse(data) as Json);
  const broken = chunks.find((chunk) => 'error' in chunk);
  if (broken)
    return [...checkError(broken), ...(last === '[DONE]' ? ['a broken stream ends in [DONE]'] : [])];
  return [
    ...chunks.flatMap((chunk) => complaints(chunkType, chunk)),
    ...(last === '[DONE]' ? [] : ['the stream does not end in [DONE]']),
  ];
}

function checkResponseEvents(
  bodies: readonly Json[],
  events: readonly { readonly name: string | undefined }[],
): string[] {
  return bodies.flatMap((event, index) => [
    ...complaints('responseEvent', event),
    ...(events[index]?.name === event['type'] ? [] : [`event ${index} is not named by its type`]),
    ...(event['sequence_number'] === index
      ? []
      : [`event ${index} has the number ${String(event['sequence_number'])}`]),
  ]);
}

function complaints(type: string, value: unknown): string[] {
  return published.complaints(type, withoutOwnWords(asDeclared(type, value)));
}

/**
 * Where OpenAI's own answers, by its API reference, say null and its types say that there is nothing or always
 * something: what a batch has not come to yet, and the reason of a text that is still being completed.
 */
function asDeclared(type: string, value: unknown): unknown {
  if (type === 'batch')
    return Object.fromEntries(Object.entries(value as Json).filter(([, each]) => each !== null));
  if (type === 'model') return withoutOpenRoutersFields(value as Json);
  if (type !== 'completion') return value;
  const { choices, ...rest } = value as { readonly choices: readonly Json[] };
  return {
    ...rest,
    choices: choices.map((choice) => ({ ...choice, finish_reason: choice['finish_reason'] ?? 'stop' })),
  };
}

/** A model is described to OpenAI's clients and to OpenRouter's at the same address. */
function withoutOpenRoutersFields({ id, object, created, owned_by }: Json): Json {
  return { id, object, created, owned_by };
}

/**
 * Fields that OpenAI's package does not declare and its clients pass on or ignore: what servers that follow its API
 * call thoughts, images and the secrets of other vendors' thoughts.
 */
const OWN_WORDS: ReadonlySet<string> = new Set(['reasoning_content', 'images', 'extra_content']);

/** The same without them; and with what the package declares although its client alone makes it. */
function withoutOwnWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutOwnWords);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value)
    .filter(([key]) => !OWN_WORDS.has(key))
    .map(([key, inner]) => [key, madeByClient(key, withoutOwnWords(inner))] as const);
  const isResponse = (value as Json)['object'] === 'response';
  return { ...(isResponse && { output_text: '' }), ...Object.fromEntries(kept) };
}

/** The client asks for embeddings in base64, and hands them on as numbers. */
function madeByClient(key: string, value: unknown): unknown {
  return key === 'embedding' && typeof value === 'string' ? [] : value;
}

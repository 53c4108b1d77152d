import { isForm, readForm, type Api, type Failure, type Usage } from '@penstock/contracts';
import type { PreparedCall } from '../../passthrough/dialect.js';
import type { ProviderCall } from '../../provider.js';
import { asBuffer } from '../../wire/bytes.js';
import { isJsonObject, readJson, strings, type JsonObject } from '../../wire/json.js';
import { setFormField } from '../../wire/set-form-field.js';
import { setJsonFields } from '../../wire/set-json-fields.js';
import { estimatedUsage } from '../../wire/token-estimate.js';
import { MediaStreamReading } from './media-stream.js';
import { readResponsesUsage } from './responses-usage.js';

interface MediaEndpoint {
  readonly path: string;
  /** A field that makes a JSON body an answer of this API. */
  readonly answerField: string;
  /** Whether an answer may be something else than JSON: sound, subtitles. */
  readonly bytes: boolean;
}

/** OpenAI's APIs for what is not text alone. They have no like elsewhere, so they are never translated. */
export const MEDIA_ENDPOINTS = {
  'openai.moderations': { path: '/moderations', answerField: 'results', bytes: false },
  'openai.images.generations': { path: '/images/generations', answerField: 'data', bytes: false },
  'openai.images.edits': { path: '/images/edits', answerField: 'data', bytes: false },
  'openai.audio.speech': { path: '/audio/speech', answerField: '', bytes: true },
  'openai.audio.transcriptions': { path: '/audio/transcriptions', answerField: 'text', bytes: true },
  'openai.audio.translations': { path: '/audio/translations', answerField: 'text', bytes: true },
} as const satisfies Partial<Record<Api, MediaEndpoint>>;

export type MediaApi = keyof typeof MEDIA_ENDPOINTS;

export function isMediaApi(api: Api): api is MediaApi {
  return Object.hasOwn(MEDIA_ENDPOINTS, api);
}

/** The client's body, JSON or a form, changed in `model` alone. */
export function prepareMedia(call: ProviderCall & { readonly api: MediaApi }): PreparedCall | Failure {
  const endpoint: MediaEndpoint = MEDIA_ENDPOINTS[call.api];
  const given = asBuffer(call.body);
  const { contentType } = call;
  const body = isForm(contentType)
    ? setFormField(given, contentType, 'model', call.upstreamModel)
    : setJsonFields(given, { model: () => JSON.stringify(call.upstreamModel) });
  if (!body) return { reason: 'invalid_request', message: 'The body is neither a form nor one JSON object.' };
  const textBytes = textBytesOf(given, contentType);
  const estimate = (answerBytes: number): Usage => estimatedUsage(textBytes, Math.ceil(answerBytes / 4));
  return {
    path: endpoint.path,
    body,
    textBytes,
    ...(contentType !== undefined && { contentType }),
    readAnswer: (answer) => {
      if (!(endpoint.answerField in answer)) return undefined;
      const text = strings(answer.text)[0] ?? '';
      return {
        usage: readResponsesUsage(answer.usage) ?? estimate(Buffer.byteLength(text)),
        upstreamId: strings(answer.id)[0],
      };
    },
    ...(endpoint.bytes && {
      readBytes: (answerType: string, bytes: number) => ({
        usage: estimate(answerType.startsWith('text/') ? bytes : 0),
        upstreamId: undefined,
      }),
    }),
    readStream: () => new MediaStreamReading(textBytes),
  };
}

/** Bytes of the request that a model reads as text: what its tokens are estimated by where the provider tells none. */
function textBytesOf(body: Buffer, contentType: string | undefined): number {
  const fields = isForm(contentType) ? formFields(body, contentType) : readJson(body.toString('utf8'));
  if (!isJsonObject(fields)) return 0;
  return TEXT_FIELDS.reduce((sum, name) => sum + textLength(fields[name]), 0);
}

const TEXT_FIELDS = ['input', 'prompt', 'instructions'];

function formFields(body: Buffer, contentType: string): JsonObject {
  const parts = readForm(body, contentType) ?? [];
  const texts = parts.filter(({ name, filename }) => filename === undefined && TEXT_FIELDS.includes(name));
  return Object.fromEntries(texts.map(({ name, start, end }) => [name, body.toString('utf8', start, end)]));
}

/** Of a text, a list of texts, or a list of parts some of which are texts. */
function textLength(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + textLength(one), 0);
  return isJsonObject(value) ? textLength(value.text) : 0;
}

import type { Api, Failure } from '@penstock/contracts';
import type { Dialect, PreparedCall } from '../../passthrough/dialect.js';
import type { ProviderCall } from '../../provider.js';
import type { ProviderSettings } from '../../provider-settings.js';
import { asBuffer } from '../../wire/bytes.js';
import { isJsonObject, readJson, strings } from '../../wire/json.js';
import { setJsonFields, type FieldEdit } from '../../wire/set-json-fields.js';
import { OPENAI_REASONS, readOpenAiError } from './openai-error.js';
import { isMediaApi, MEDIA_ENDPOINTS, prepareMedia, type MediaApi } from './openai-media.js';
import { isBrokenOff, OpenAiStreamReading } from './openai-stream.js';
import { readOpenAiUsage, type ReadUsage } from './openai-usage.js';
import { ResponsesStreamReading } from './responses-stream.js';
import { readResponsesUsage } from './responses-usage.js';

interface Endpoint {
  readonly path: string;
  /** The list that makes a body an answer of this API. */
  readonly answerField: string;
  readonly readUsage: ReadUsage;
}

const ENDPOINTS = {
  'openai.chat': { path: '/chat/completions', answerField: 'choices', readUsage: readOpenAiUsage },
  'openai.completions': { path: '/completions', answerField: 'choices', readUsage: readOpenAiUsage },
  'openai.embeddings': { path: '/embeddings', answerField: 'data', readUsage: readOpenAiUsage },
  'openai.responses': { path: '/responses', answerField: 'output', readUsage: readResponsesUsage },
} as const satisfies Partial<Record<Api, Endpoint>>;

export type OpenAiApi = keyof typeof ENDPOINTS | MediaApi;

export const OPENAI_APIS = Object.keys({ ...ENDPOINTS, ...MEDIA_ENDPOINTS }) as readonly OpenAiApi[];

/** What may be otherwise at one who follows OpenAI. */
export interface OpenAiVariant {
  /** Default: all of them. */
  readonly apis?: readonly OpenAiApi[];
  /** For those who count otherwise in chat completions. */
  readonly readChatUsage?: ReadUsage;
  readonly readError?: Dialect['readError'];
}

/**
 * OpenAI's APIs, as OpenAI and the many who follow it serve them. The client's body is changed in `model` and, for a
 * stream of chunks whose client did not ask for usage, in `stream_options`: the chunk with the usage is then kept from
 * the client.
 */
export function openAiDialect(
  settings: Pick<ProviderSettings, 'streamUsage'>,
  { apis = OPENAI_APIS, readChatUsage = readOpenAiUsage, readError = readOpenAiError }: OpenAiVariant = {},
): Dialect {
  return {
    apis,
    headers: (apiKey) => (apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    prepare: (call) => prepare(call, settings.streamUsage ?? true, readChatUsage),
    readError,
    reasons: OPENAI_REASONS,
  };
}

function prepare(
  call: ProviderCall,
  canAskForUsage: boolean,
  readChatUsage: ReadUsage,
): PreparedCall | Failure {
  const { api } = call;
  if (isMediaApi(api)) return prepareMedia({ ...call, api });
  const endpoint = ENDPOINTS[api as keyof typeof ENDPOINTS];
  const readUsage = api === 'openai.chat' ? readChatUsage : endpoint.readUsage;
  const isResponses = api === 'openai.responses';
  const edits: Record<string, FieldEdit> = { model: () => JSON.stringify(call.upstreamModel) };
  let usageAsked = false;
  if (call.stream && canAskForUsage && !isResponses) {
    edits.stream_options = (current) => {
      const options = current === undefined ? undefined : readJson(current);
      const given = isJsonObject(options) ? options : {};
      usageAsked = given.include_usage === true;
      return usageAsked && current !== undefined
        ? current
        : JSON.stringify({ ...given, include_usage: true });
    };
  }
  const body = setJsonFields(asBuffer(call.body), edits);
  if (!body) return { reason: 'invalid_request', message: 'The body is not one JSON object.' };
  return {
    path: endpoint.path,
    body,
    readAnswer: (answer) => {
      const listed = answer[endpoint.answerField];
      if (!Array.isArray(listed) || (listed as unknown[]).some(isBrokenOff)) return undefined;
      return { usage: readUsage(answer.usage), upstreamId: strings(answer.id)[0] };
    },
    readStream: () =>
      isResponses
        ? new ResponsesStreamReading(body.length)
        : new OpenAiStreamReading(body.length, canAskForUsage && !usageAsked, readUsage),
  };
}

import type { Api, Failure } from '@penstock/contracts';
import type { AnswerReading, Dialect, PreparedCall } from '../../passthrough/dialect.js';
import type { ProviderCall } from '../../provider.js';
import type { ProviderSettings } from '../../provider-settings.js';
import { isJsonObject, readJson, type JsonObject } from '../../wire/json.js';
import { setJsonFields, type FieldEdit } from '../../wire/set-json-fields.js';
import { OPENAI_REASONS, readOpenAiError } from './openai-error.js';
import { OpenAiStreamReading } from './openai-stream.js';
import { readOpenAiUsage } from './openai-usage.js';

/** Each API's path, and the field that makes a body an answer of it. */
const ENDPOINTS: Partial<Record<Api, { readonly path: string; readonly answerField: string }>> = {
  'openai.chat': { path: '/chat/completions', answerField: 'choices' },
  'openai.completions': { path: '/completions', answerField: 'choices' },
  'openai.embeddings': { path: '/embeddings', answerField: 'data' },
};

/**
 * OpenAI's chat completions, completions and embeddings, as OpenAI and the many who follow it serve them. The
 * client's body is changed in `model` and, for a stream whose client did not ask for usage, in `stream_options`: the
 * chunk with the usage is then kept from the client.
 */
export function openAiDialect(settings: Pick<ProviderSettings, 'streamUsage'>): Dialect {
  return {
    headers: (apiKey) => (apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    prepare: (call) => prepare(call, settings.streamUsage ?? true),
    readError: readOpenAiError,
    reasons: OPENAI_REASONS,
  };
}

function prepare(call: ProviderCall, canAskForUsage: boolean): PreparedCall | Failure {
  const endpoint = ENDPOINTS[call.api];
  if (!endpoint) return { reason: 'model_missing', message: `The provider does not speak ${call.api}.` };

  let usageAsked = false;
  const edits: Record<string, FieldEdit> = { model: () => JSON.stringify(call.upstreamModel) };
  if (call.stream && canAskForUsage) {
    edits.stream_options = (current) => {
      const options = current === undefined ? undefined : readJson(current);
      const given = isJsonObject(options) ? options : {};
      usageAsked = given.include_usage === true;
      return usageAsked && current !== undefined
        ? current
        : JSON.stringify({ ...given, include_usage: true });
    };
  }
  const sent = setJsonFields(asBuffer(call.body), edits);
  if (!sent) return { reason: 'invalid_request', message: 'The body is not one JSON object.' };
  return {
    path: endpoint.path,
    body: sent,
    readAnswer: (body) => readAnswer(body, endpoint.answerField),
    readStream: () => new OpenAiStreamReading(sent.length, canAskForUsage && !usageAsked),
  };
}

function readAnswer(body: JsonObject, answerField: string): AnswerReading | undefined {
  if (!Array.isArray(body[answerField])) return undefined;
  return {
    usage: readOpenAiUsage(body.usage),
    upstreamId: typeof body.id === 'string' ? body.id : undefined,
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

import type { Failure } from '@penstock/contracts';
import type { Dialect, PreparedCall } from '../../passthrough/dialect.js';
import type { ProviderCall } from '../../provider.js';
import { asBuffer } from '../../wire/bytes.js';
import { isJsonObject, readJson, strings } from '../../wire/json.js';
import { GEMINI_REASONS, readGeminiError } from './gemini-error.js';
import { GeminiStreamReading } from './gemini-stream.js';
import { readGeminiUsage } from './gemini-usage.js';

/**
 * Gemini's `generateContent` and `streamGenerateContent`. The base URL ends in `/v1beta`; the model stands in the
 * path, so the client's body goes out as it came, without a byte changed.
 */
export function geminiDialect(): Dialect {
  return {
    apis: ['gemini.generate'],
    headers: (apiKey) => (apiKey === undefined ? {} : { 'x-goog-api-key': apiKey }),
    prepare,
    readError: readGeminiError,
    reasons: GEMINI_REASONS,
  };
}

function prepare(call: ProviderCall): PreparedCall | Failure {
  const body = asBuffer(call.body);
  if (!isJsonObject(readJson(body.toString('utf8')))) {
    return { reason: 'invalid_request', message: 'The body is not one JSON object.' };
  }
  const model = call.upstreamModel.includes('/') ? call.upstreamModel : `models/${call.upstreamModel}`;
  return {
    path: `/${encodeURI(model)}:${call.stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body,
    readAnswer: (answer) => {
      // A blocked prompt has no candidates, and is an answer all the same.
      if (!Array.isArray(answer.candidates) && !isJsonObject(answer.promptFeedback)) return undefined;
      return { usage: readGeminiUsage(answer.usageMetadata), upstreamId: strings(answer.responseId)[0] };
    },
    readStream: () => new GeminiStreamReading(body.length),
  };
}

import type { Failure } from '@penstock/contracts';
import type { Dialect, PreparedCall } from '../../passthrough/dialect.js';
import type { ProviderCall } from '../../provider.js';
import { asBuffer } from '../../wire/bytes.js';
import { strings } from '../../wire/json.js';
import { setJsonFields } from '../../wire/set-json-fields.js';
import { ANTHROPIC_REASONS, readAnthropicError } from './anthropic-error.js';
import { AnthropicStreamReading } from './anthropic-stream.js';
import { readAnthropicUsage } from './anthropic-usage.js';

/** Anthropic's Messages. The base URL ends in `/v1`; the client's body is changed in `model` alone. */
export function anthropicDialect(): Dialect {
  return {
    apis: ['anthropic.messages'],
    headers: (apiKey) => ({
      'anthropic-version': '2023-06-01',
      ...(apiKey !== undefined && { 'x-api-key': apiKey }),
    }),
    prepare,
    readError: readAnthropicError,
    reasons: ANTHROPIC_REASONS,
  };
}

function prepare(call: ProviderCall): PreparedCall | Failure {
  const body = setJsonFields(asBuffer(call.body), { model: () => JSON.stringify(call.upstreamModel) });
  if (!body) return { reason: 'invalid_request', message: 'The body is not one JSON object.' };
  return {
    path: '/messages',
    body,
    readAnswer: (answer) => {
      if (answer.type !== 'message' || !Array.isArray(answer.content)) return undefined;
      return { usage: readAnthropicUsage(answer.usage), upstreamId: strings(answer.id)[0] };
    },
    readStream: () => new AnthropicStreamReading(body.length),
  };
}

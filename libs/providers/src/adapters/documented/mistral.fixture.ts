import { provider, USAGE } from './chat-wire.fixture.js';
import type { Documented } from './documented.js';

const SOURCES = [
  'https://docs.mistral.ai/api/',
  'https://docs.mistral.ai/resources/error-glossary',
  'github.com/mistralai/client-ts src/models/components/{usageinfo,prompttokensdetails,chatcompletionchoice}.ts',
  'npm @ai-sdk/mistral src/convert-mistral-usage.ts',
];
export const MISTRAL: Documented = provider('mistral', SOURCES, {
  model: 'mistral-small-latest',
  request: {
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'How high?' }] },
    ],
  },
  place: 'with the end',
  usage: { num_cached_tokens: 16, prompt_tokens_details: { cached_tokens: 16, audio_tokens: 0 } },
  expected: { ...USAGE, cachedInputTokens: 16 },
  stops: { model_length: 'length', error: 'broken' },
  errors: [
    {
      status: 400,
      body: {
        object: 'error',
        message: 'x',
        type: 'invalid_request_error',
        param: 'model',
        code: 'unknown_model',
      },
      reason: 'model_missing',
    },
    {
      status: 400,
      body: {
        object: 'error',
        message:
          'Prompt contains 40046 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
        type: 'invalid_request_prompt',
        code: '3051',
      },
      reason: 'context_length_exceeded',
    },
    { status: 401, body: { detail: 'Invalid API Key' }, reason: 'credential_refused' },
    { status: 401, body: { message: 'Unauthorized', request_id: 'a' }, reason: 'credential_refused' },
    {
      status: 422,
      body: {
        object: 'error',
        message: { detail: [{ type: 'missing', loc: ['body', 'messages'] }] },
        type: 'invalid_request_error',
      },
      reason: 'invalid_request',
    },
    {
      status: 429,
      body: { object: 'error', message: 'Rate limit exceeded', type: 'rate_limited', code: '1300' },
      headers: { 'retry-after': '3' },
      reason: 'rate_limited',
      retryAfterMs: 3_000,
    },
    {
      status: 500,
      body: { object: 'error', message: 'x', type: 'internal_server_error' },
      reason: 'server_error',
    },
  ],
});

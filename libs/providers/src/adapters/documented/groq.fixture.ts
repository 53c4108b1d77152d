import { error, provider, USAGE } from './chat-wire.fixture.js';
import type { Documented } from './documented.js';

const SOURCES = [
  'https://console.groq.com/docs/api-reference',
  'https://console.groq.com/docs/errors',
  'github.com/groq/groq-typescript src/resources/{completions,chat/completions}.ts',
];
export const GROQ: Documented = provider('groq', SOURCES, {
  model: 'openai/gpt-oss-120b',
  place: 'in x_groq',
  usage: {
    queue_time: 0.018,
    prompt_tokens_details: { cached_tokens: 16 },
    completion_tokens_details: { reasoning_tokens: 4 },
  },
  more: { x_groq: { id: 'req_1' }, system_fingerprint: 'fp_1' },
  expected: { ...USAGE, cachedInputTokens: 16, reasoningTokens: 4 },
  stops: { function_call: 'tool-calls' },
  brokenBy: [{ x_groq: { id: 'req_1', error: 'over capacity' }, choices: [] }],
  errors: [
    { status: 400, body: error('x', 'invalid_request_error'), reason: 'invalid_request' },
    {
      status: 401,
      body: error('Invalid API Key', 'invalid_request_error', 'invalid_api_key'),
      reason: 'credential_refused',
    },
    {
      status: 400,
      body: error('x', 'invalid_request_error', 'model_decommissioned'),
      reason: 'model_missing',
    },
    {
      status: 400,
      body: error(
        'Please reduce the length of the messages or completion.',
        'invalid_request_error',
        'context_length_exceeded',
      ),
      reason: 'context_length_exceeded',
    },
    { status: 404, body: error('x', 'invalid_request_error', 'model_not_found'), reason: 'model_missing' },
    {
      status: 429,
      body: error('Rate limit reached on tokens per minute', 'tokens', 'rate_limit_exceeded'),
      headers: { 'retry-after': '7' },
      reason: 'rate_limited',
      retryAfterMs: 7_000,
    },
    { status: 498, body: error('Flex Tier Capacity Exceeded', 'capacity_exceeded'), reason: 'overloaded' },
    { status: 503, body: error('Service Unavailable', 'service_unavailable'), reason: 'server_error' },
  ],
});

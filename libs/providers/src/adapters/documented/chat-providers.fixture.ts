import { error, provider, USAGE } from './chat-wire.fixture.js';
import type { Documented } from './documented.js';
import { GROQ } from './groq.fixture.js';
import { MISTRAL } from './mistral.fixture.js';

const FIREWORKS = [
  'https://docs.fireworks.ai/api-reference/post-chatcompletions',
  'https://docs.fireworks.ai/guides/inference-error-codes',
];
const PERPLEXITY = [
  'https://docs.perplexity.ai/api-reference/chat-completions-post',
  'github.com/perplexityai/perplexity-node src/generated/api.ts',
];

/** Those that serve chat completions, each with what its documentation has beside OpenAI's. */
export const CHAT_PROVIDERS: readonly Documented[] = [
  provider(
    'deepseek',
    [
      'https://api-docs.deepseek.com/api/create-chat-completion',
      'https://api-docs.deepseek.com/quick_start/error_codes',
      'npm @ai-sdk/deepseek src/chat/deepseek-chat-api-types.ts',
    ],
    {
      model: 'deepseek-reasoner',
      usage: {
        prompt_cache_hit_tokens: 32,
        prompt_cache_miss_tokens: 8,
        completion_tokens_details: { reasoning_tokens: 5 },
      },
      place: 'with the end',
      expected: { ...USAGE, cachedInputTokens: 32, reasoningTokens: 5 },
      stops: { content_filter: 'content-filter', insufficient_system_resource: 'broken' },
      errors: [
        {
          status: 400,
          body: error('Invalid request body format.', 'invalid_request_error'),
          reason: 'invalid_request',
        },
        {
          status: 401,
          body: error('Authentication Fails', 'authentication_error', 'invalid_request_error'),
          reason: 'credential_refused',
        },
        { status: 402, body: error('Insufficient Balance', 'unknown_error'), reason: 'credential_refused' },
        {
          status: 422,
          body: error('Invalid parameters', 'invalid_request_error'),
          reason: 'invalid_request',
        },
        { status: 429, body: error('Rate Limit Reached', 'rate_limit_error'), reason: 'rate_limited' },
        { status: 500, body: error('Server Error', 'server_error'), reason: 'server_error' },
        { status: 503, body: error('Server Overloaded', 'server_error'), reason: 'overloaded' },
      ],
    },
  ),
  MISTRAL,
  GROQ,
  provider(
    'together',
    [
      'https://docs.together.ai/reference/chat-completions-1',
      'https://docs.together.ai/docs/error-codes',
      'github.com/togethercomputer/together-typescript src/resources/chat/completions.ts',
    ],
    {
      model: 'meta-llama/Llama-3.3-70B-Instruct-Turbo',
      more: { prompt: [] },
      stops: { eos: 'stop', function_call: 'tool-calls' },
      errors: [
        { status: 400, body: error('x', 'invalid_request_error'), reason: 'invalid_request' },
        {
          status: 401,
          body: error('Invalid API key provided', 'invalid_request_error', 'invalid_api_key'),
          reason: 'credential_refused',
        },
        { status: 402, body: error('Payment Required', 'payment_required'), reason: 'credential_refused' },
        {
          status: 403,
          body: error(
            'Input token count + `max_tokens` parameter must be less than the context length of the model being queried.',
            'invalid_request_error',
          ),
          reason: 'context_length_exceeded',
        },
        {
          status: 404,
          body: error('x', 'invalid_request_error', 'model_not_available'),
          reason: 'model_missing',
        },
        { status: 429, body: error('You have reached the rate limit', null), reason: 'rate_limited' },
        { status: 500, body: error('x', 'server_error'), reason: 'server_error' },
        { status: 503, body: error('Engine Overloaded', null), reason: 'overloaded' },
      ],
    },
  ),
  provider('fireworks', FIREWORKS, {
    model: 'accounts/fireworks/models/deepseek-v3',
    usage: { prompt_tokens_details: { cached_tokens: 16 } },
    place: 'with the end',
    expected: { ...USAGE, cachedInputTokens: 16 },
    errors: [
      {
        status: 400,
        body: { error: { object: 'error', type: 'invalid_request_error', message: 'x' } },
        reason: 'invalid_request',
      },
      {
        status: 401,
        body: { error: { object: 'error', type: 'unauthorized', message: 'x' } },
        reason: 'credential_refused',
      },
      {
        status: 412,
        body: { error: { object: 'error', type: 'precondition_failed', message: 'x' } },
        reason: 'credential_refused',
      },
      {
        status: 429,
        body: { error: { object: 'error', type: 'rate_limit', message: 'x' } },
        reason: 'rate_limited',
      },
      {
        status: 503,
        body: { error: { object: 'error', type: 'error', message: 'overloaded' } },
        reason: 'overloaded',
      },
    ],
  }),
  provider('perplexity', PERPLEXITY, {
    model: 'sonar-deep-research',
    // It has neither.
    request: { stop: undefined, tools: undefined },
    unsupported: ['stopSequences', 'tools'],
    usage: {
      search_context_size: 'low',
      citation_tokens: 20,
      num_search_queries: 2,
      reasoning_tokens: 5,
      cost: {
        input_tokens_cost: 0.0001,
        output_tokens_cost: 0.0002,
        reasoning_tokens_cost: 0.0001,
        total_cost: 0.0004,
      },
    },
    place: 'with the end',
    more: { citations: ['https://rivers.example/'], search_results: [] },
    // Thoughts are counted beside the completion there; here they are part of the output.
    expected: { ...USAGE, outputTokens: 17, reasoningTokens: 5 },
    // The package knows no tools there.
    stops: { tool_calls: 'other' },
    errors: [
      { status: 400, body: error('Invalid model', 'invalid_model', 400), reason: 'model_missing' },
      { status: 401, body: error('Unauthorized', 'unauthorized', 401), reason: 'credential_refused' },
      { status: 429, body: error('Too many requests', 'rate_limited', 429), reason: 'rate_limited' },
      { status: 500, body: error('x', 'internal', 500), reason: 'server_error' },
    ],
  }),
  provider(
    'cerebras',
    [
      'https://inference-docs.cerebras.ai/api-reference/chat-completions',
      'https://inference-docs.cerebras.ai/support/error',
      'github.com/Cerebras/cerebras-cloud-sdk-node src/resources/chat/completions.ts',
    ],
    {
      model: 'gpt-oss-120b',
      request: { max_tokens: undefined, max_completion_tokens: 64 },
      usage: {
        prompt_tokens_details: { cached_tokens: 16 },
        completion_tokens_details: { reasoning_tokens: 4 },
      },
      place: 'with the end',
      more: { time_info: { queue_time: 0.01, total_time: 0.1 }, system_fingerprint: 'fp_1' },
      expected: { ...USAGE, cachedInputTokens: 16, reasoningTokens: 4 },
      stops: { content_filter: 'content-filter' },
      brokenBy: [{ error: { message: 'x', type: 'server_error', param: '', code: '' }, status_code: 500 }],
      errors: [
        {
          status: 400,
          body: {
            message: 'x',
            type: 'invalid_request_error',
            param: 'messages',
            code: 'context_length_exceeded',
          },
          reason: 'context_length_exceeded',
        },
        {
          status: 400,
          body: { message: 'x', type: 'invalid_request_error', param: 'messages', code: 'wrong_api_format' },
          reason: 'invalid_request',
        },
        {
          status: 401,
          body: {
            message: 'Wrong API Key',
            type: 'invalid_request_error',
            param: 'api_key',
            code: 'wrong_api_key',
          },
          reason: 'credential_refused',
        },
        {
          status: 404,
          body: { message: 'x', type: 'not_found_error', param: 'model', code: 'model_not_found' },
          reason: 'model_missing',
        },
        {
          status: 429,
          body: { message: 'x', type: 'too_many_requests_error', param: 'queue', code: 'queue_exceeded' },
          reason: 'rate_limited',
        },
        {
          status: 500,
          body: { message: 'x', type: 'server_error', param: '', code: '' },
          reason: 'server_error',
        },
      ],
    },
  ),
];

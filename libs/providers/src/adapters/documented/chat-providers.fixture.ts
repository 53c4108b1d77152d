import { error, provider, USAGE } from './chat-wire.fixture.js';
import type { Documented } from './documented.js';

/** Those that serve chat completions, each with what its documentation has beside OpenAI's. */
export const CHAT_PROVIDERS: readonly Documented[] = [
  provider(
    'deepseek',
    [
      'https://api-docs.deepseek.com/api/create-chat-completion',
      'https://api-docs.deepseek.com/quick_start/error_codes',
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
  provider('mistral', ['https://docs.mistral.ai/api/', 'https://docs.mistral.ai/resources/error-codes'], {
    model: 'mistral-small-latest',
    place: 'with the end',
    stops: { model_length: 'length' },
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
        reason: 'invalid_request',
      },
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
  }),
  provider('groq', ['https://console.groq.com/docs/api-reference', 'https://console.groq.com/docs/errors'], {
    model: 'openai/gpt-oss-120b',
    place: 'in x_groq',
    usage: {
      queue_time: 0.018,
      prompt_tokens_details: { cached_tokens: 16 },
      completion_tokens_details: { reasoning_tokens: 4 },
    },
    more: { x_groq: { id: 'req_1' }, system_fingerprint: 'fp_1' },
    expected: { ...USAGE, cachedInputTokens: 16, reasoningTokens: 4 },
    errors: [
      { status: 400, body: error('x', 'invalid_request_error'), reason: 'invalid_request' },
      {
        status: 401,
        body: error('Invalid API Key', 'invalid_request_error', 'invalid_api_key'),
        reason: 'credential_refused',
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
  }),
  provider(
    'together',
    ['https://docs.together.ai/reference/chat-completions-1', 'https://docs.together.ai/docs/error-codes'],
    {
      model: 'meta-llama/Llama-3.3-70B-Instruct-Turbo',
      usage: { cached_tokens: 0 },
      more: { prompt: [] },
      stops: { function_call: 'tool-calls' },
      errors: [
        { status: 400, body: error('x', 'invalid_request_error'), reason: 'invalid_request' },
        {
          status: 401,
          body: error('Invalid API key provided', 'invalid_request_error', 'invalid_api_key'),
          reason: 'credential_refused',
        },
        { status: 402, body: error('Payment Required', 'payment_required'), reason: 'credential_refused' },
        {
          status: 429,
          body: error('You have reached the rate limit', 'credit_limit'),
          reason: 'rate_limited',
        },
        { status: 503, body: error('Engine Overloaded', 'engine_overloaded'), reason: 'overloaded' },
        { status: 529, body: error('Timeout', 'server_error'), reason: 'overloaded' },
      ],
    },
  ),
  provider('fireworks', ['https://docs.fireworks.ai/api-reference/post-chatcompletions'], {
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
        reason: 'invalid_request',
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
  provider('perplexity', ['https://docs.perplexity.ai/api-reference/chat-completions-post'], {
    model: 'sonar-deep-research',
    usage: { search_context_size: 'low', citation_tokens: 20, num_search_queries: 2, reasoning_tokens: 5 },
    place: 'with the end',
    more: { citations: ['https://rivers.example/'], search_results: [] },
    // Thoughts are counted beside the completion there; here they are part of the output.
    expected: { ...USAGE, outputTokens: 17, reasoningTokens: 5 },
    stops: { tool_calls: 'other' },
    errors: [
      { status: 400, body: error('Invalid model', 'invalid_model', 400), reason: 'invalid_request' },
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
    ],
    {
      model: 'gpt-oss-120b',
      usage: {
        prompt_tokens_details: { cached_tokens: 16 },
        completion_tokens_details: { reasoning_tokens: 4 },
      },
      place: 'with the end',
      more: { time_info: { queue_time: 0.01, total_time: 0.1 }, system_fingerprint: 'fp_1' },
      expected: { ...USAGE, cachedInputTokens: 16, reasoningTokens: 4 },
      stops: { content_filter: 'content-filter' },
      errors: [
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
  provider(
    'azure',
    [
      'https://learn.microsoft.com/en-us/azure/ai-foundry/openai/reference',
      'https://learn.microsoft.com/en-us/azure/ai-foundry/openai/concepts/content-filter',
    ],
    {
      model: 'gpt-4o',
      usage: {
        prompt_tokens_details: { cached_tokens: 16 },
        completion_tokens_details: { reasoning_tokens: 4 },
      },
      more: { prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }] },
      expected: { ...USAGE, cachedInputTokens: 16, reasoningTokens: 4 },
      stops: { content_filter: 'content-filter' },
      errors: [
        {
          status: 400,
          body: {
            error: {
              message: 'x',
              type: null,
              param: 'prompt',
              code: 'content_filter',
              status: 400,
              innererror: { code: 'ResponsibleAIPolicyViolation' },
            },
          },
          reason: 'content_filtered',
        },
        {
          status: 401,
          body: { error: { code: '401', message: 'Access denied due to invalid subscription key' } },
          reason: 'credential_refused',
        },
        {
          status: 404,
          body: { error: { code: 'DeploymentNotFound', message: 'x' } },
          reason: 'model_missing',
        },
        {
          status: 429,
          body: { error: { code: '429', message: 'Requests have exceeded token rate limit.' } },
          headers: { 'retry-after': '26' },
          reason: 'rate_limited',
          retryAfterMs: 26_000,
        },
        {
          status: 500,
          body: { error: { code: 'InternalServerError', message: 'x' } },
          reason: 'server_error',
        },
      ],
    },
  ),
];

import { error, provider, USAGE } from './chat-wire.fixture.js';
import type { Documented } from './documented.js';

/** vLLM's and SGLang's shape, without OpenAI's envelope. */
const bare = (code: number, type: string, message: string) => ({
  object: 'error',
  message,
  type,
  param: null,
  code,
});

/** OpenAI's models elsewhere, and servers that follow OpenAI's chat completions. */
export const OPENAI_SERVERS: readonly Documented[] = [
  provider(
    'azure',
    [
      'https://learn.microsoft.com/en-us/azure/ai-foundry/openai/reference',
      'https://learn.microsoft.com/en-us/azure/ai-foundry/openai/concepts/content-filter',
      'github.com/openai/openai-openapi openapi.yaml (CompletionUsage, ErrorResponse)',
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
  provider(
    'openai-compatible',
    [
      'https://openrouter.ai/docs/api/reference/errors-and-debugging',
      'https://openrouter.ai/docs/api/reference/overview',
      'npm @openrouter/ai-sdk-provider (its schemas of usage and errors)',
    ],
    {
      model: 'anthropic/claude-sonnet-4.5',
      usage: {
        prompt_tokens_details: { cached_tokens: 16, cache_write_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 4 },
        cost: 0.0002,
      },
      more: { provider: 'Anthropic' },
      // The package does not read what was written to a cache; passed through it is read.
      expected: { ...USAGE, cachedInputTokens: 16, reasoningTokens: 4 },
      passedThrough: { ...USAGE, cachedInputTokens: 16, cacheWriteTokens: 4, reasoningTokens: 4 },
      stops: { content_filter: 'content-filter', error: 'broken' },
      brokenBy: [
        {
          error: { code: 502, message: 'Provider disconnected' },
          choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
        },
      ],
      errors: [
        { status: 400, body: { error: { code: 400, message: 'x' } }, reason: 'invalid_request' },
        { status: 401, body: { error: { code: 401, message: 'x' } }, reason: 'credential_refused' },
        { status: 402, body: { error: { code: 402, message: 'x' } }, reason: 'credential_refused' },
        {
          status: 403,
          body: {
            error: {
              code: 403,
              message: 'Your chosen model requires moderation and your input was flagged',
              metadata: { reasons: ['violence'], flagged_input: 'x', provider_name: 'p', model_slug: 'm' },
            },
          },
          reason: 'content_filtered',
        },
        { status: 403, body: { error: { code: 403, message: 'x' } }, reason: 'credential_refused' },
        { status: 408, body: { error: { code: 408, message: 'x' } }, reason: 'timed_out' },
        {
          status: 429,
          body: { error: { code: 429, message: 'x' } },
          headers: { 'retry-after': '5' },
          reason: 'rate_limited',
          retryAfterMs: 5_000,
        },
        { status: 502, body: { error: { code: 502, message: 'x' } }, reason: 'server_error' },
        { status: 503, body: { error: { code: 503, message: 'x' } }, reason: 'server_error' },
      ],
    },
  ),
  provider(
    'openai-compatible',
    [
      'github.com/vllm-project/vllm vllm/entrypoints/openai/engine/protocol.py',
      'github.com/sgl-project/sglang python/sglang/srt/entrypoints/openai/protocol.py',
    ],
    {
      model: 'Qwen/Qwen3-8B',
      usage: { prompt_tokens_details: { cached_tokens: 16 } },
      more: { prompt_logprobs: null },
      expected: { ...USAGE, cachedInputTokens: 16 },
      stops: { abort: 'broken' },
      brokenBy: [{ error: bare(500, 'InternalServerError', 'x') }, bare(500, 'InternalServerError', 'x')],
      errors: [
        { status: 400, body: bare(400, 'BadRequestError', 'x'), reason: 'invalid_request' },
        {
          status: 400,
          body: bare(400, 'BadRequestError', "This model's maximum context length is 32768 tokens."),
          reason: 'context_length_exceeded',
        },
        {
          status: 400,
          body: {
            error: bare(400, 'BadRequestError', "The input is longer than the model's context length."),
          },
          reason: 'context_length_exceeded',
        },
        { status: 401, body: { error: 'Unauthorized' }, reason: 'credential_refused' },
        { status: 404, body: bare(404, 'NotFoundError', 'x'), reason: 'model_missing' },
        { status: 500, body: bare(500, 'InternalServerError', 'x'), reason: 'server_error' },
      ],
    },
  ),
  provider('openai-compatible', ['github.com/ollama/ollama openai/openai.go'], {
    model: 'llama3.2',
    more: { system_fingerprint: 'fp_ollama' },
    errors: [
      { status: 400, body: error('x', 'invalid_request_error'), reason: 'invalid_request' },
      { status: 404, body: error('model "x" not found', 'not_found_error'), reason: 'model_missing' },
      { status: 500, body: error('x', 'api_error'), reason: 'server_error' },
      { status: 503, body: error('server busy, please try again', 'api_error'), reason: 'overloaded' },
    ],
  }),
];

import { readFileSync } from 'node:fs';
import type { RecordedError, RecordedExchanges } from '../../conformance/recorded-exchanges.js';

export const fixture = (name: string) => readFileSync(`${import.meta.dirname}/fixtures/${name}`, 'utf8');
export const events = (name: string) => fixture(name).split(/(?<=\n\n)/);

const error = (message: string, type: string, code: string | null, param: string | null = null) =>
  JSON.stringify({ error: { message, type, param, code } });

const ERRORS: readonly RecordedError[] = [
  {
    title: 'a wrong field',
    status: 400,
    body: error("Invalid type for 'temperature'.", 'invalid_request_error', null, 'temperature'),
    reason: 'invalid_request',
  },
  {
    title: 'a prompt that is too long',
    status: 400,
    body: error(
      "This model's maximum context length is 8192 tokens.",
      'invalid_request_error',
      'context_length_exceeded',
    ),
    reason: 'context_length_exceeded',
  },
  {
    title: 'a filtered prompt',
    status: 400,
    body: error('The response was filtered.', 'invalid_request_error', 'content_filter'),
    reason: 'content_filtered',
  },
  {
    title: 'a wrong key, quoted by the provider',
    status: 401,
    body: error('Incorrect API key provided: test-key.', 'invalid_request_error', 'invalid_api_key'),
    reason: 'credential_refused',
  },
  { title: 'a forbidden region', status: 403, body: '{}', reason: 'credential_refused' },
  {
    title: 'no credit',
    status: 402,
    body: '{"error":{"code":402,"message":"x"}}',
    reason: 'credential_refused',
  },
  {
    title: 'an unknown model',
    status: 404,
    body: error('The model does not exist.', 'invalid_request_error', 'model_not_found'),
    reason: 'model_missing',
  },
  { title: 'a request timeout', status: 408, body: '', reason: 'timed_out' },
  { title: 'a conflict', status: 409, body: '', reason: 'overloaded' },
  { title: 'too early', status: 425, body: '', reason: 'overloaded' },
  { title: 'a body that is too large', status: 413, body: '<html>', reason: 'invalid_request' },
  {
    title: 'an unprocessable body',
    status: 422,
    body: '{"detail":[{"loc":["body"]}]}',
    reason: 'invalid_request',
  },
  {
    title: 'a rate limit with Retry-After in seconds',
    status: 429,
    headers: { 'retry-after': '20' },
    body: error('Rate limit reached.', 'requests', 'rate_limit_exceeded'),
    reason: 'rate_limited',
    retryAfterMs: 20_000,
  },
  {
    title: 'a rate limit with a reset only',
    status: 429,
    headers: {
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '6m0s',
      'x-ratelimit-remaining-tokens': '5',
      'x-ratelimit-reset-tokens': '1h',
    },
    body: error('Rate limit reached.', 'tokens', null),
    reason: 'rate_limited',
    retryAfterMs: 360_000,
  },
  {
    title: 'a spent quota',
    status: 429,
    body: error('You exceeded your current quota.', 'insufficient_quota', 'insufficient_quota'),
    reason: 'credential_refused',
  },
  {
    title: 'a server error',
    status: 500,
    body: error('The server had an error.', 'server_error', null),
    reason: 'server_error',
  },
  { title: 'a bad gateway', status: 502, body: '<html>bad gateway</html>', reason: 'server_error' },
  { title: 'a dead server behind a proxy', status: 503, body: '<html>', reason: 'server_error' },
  {
    title: 'an overloaded engine',
    status: 503,
    headers: { 'retry-after-ms': '1500' },
    body: error('The engine is currently overloaded, please try again later', 'server_error', null),
    reason: 'overloaded',
    retryAfterMs: 1500,
  },
  { title: 'a gateway timeout', status: 504, body: '', reason: 'timed_out' },
  { title: 'a full site', status: 529, body: '', reason: 'overloaded' },
  {
    title: 'an error in a 200',
    status: 200,
    body: error('oops', 'server_error', null),
    reason: 'server_error',
  },
  {
    title: 'a rate limit in a 200',
    status: 200,
    body: '{"error":{"code":429,"message":"slow down"}}',
    reason: 'rate_limited',
  },
];

const ERROR_EVENT = {
  event: `data: ${error('Rate limit reached.', 'requests', 'rate_limit_exceeded')}\n\n`,
  reason: 'rate_limited',
} as const;

/** Exchanges of OpenAI's own documentation, and errors of those who follow it. */
export const CHAT: RecordedExchanges = {
  api: 'openai.chat',
  upstreamModel: 'gpt-4o-2024-08-06',
  request: {
    whole: '{"model":"small","messages":[{"role":"user","content":"hi"}]}',
    stream: '{"model":"small","stream":true,"messages":[{"role":"user","content":"hi"}]}',
  },
  path: { whole: '/chat/completions', stream: '/chat/completions' },
  credential: { header: 'authorization', value: 'Bearer test-key' },
  answer: {
    body: fixture('chat-completion.json'),
    usage: {
      inputTokens: 1117,
      outputTokens: 46,
      cachedInputTokens: 1024,
      reasoningTokens: 12,
      source: 'provider',
    },
    upstreamId: 'chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG',
  },
  stream: {
    body: fixture('chat-completion.sse'),
    shown: events('chat-completion.sse').toSpliced(4, 1).join(''),
    usage: {
      inputTokens: 19,
      outputTokens: 10,
      cachedInputTokens: 0,
      reasoningTokens: 0,
      source: 'provider',
    },
    leadingEvents: 1,
    closingEvents: 3,
    errorEvent: ERROR_EVENT,
  },
  errors: ERRORS,
};

export const COMPLETIONS: RecordedExchanges = {
  api: 'openai.completions',
  upstreamModel: 'gpt-3.5-turbo-instruct',
  request: {
    whole: '{"model":"small","prompt":"Say this"}',
    stream: '{"model":"small","prompt":"Say this","stream":true,"stream_options":{"include_usage":true}}',
  },
  path: { whole: '/completions', stream: '/completions' },
  credential: { header: 'authorization', value: 'Bearer test-key' },
  answer: {
    body: fixture('completion.json'),
    usage: { inputTokens: 5, outputTokens: 7, source: 'provider' },
    upstreamId: 'cmpl-uqkvlQyYK7bGYrRHQ0eXlWi7',
  },
  stream: {
    body: fixture('completion.sse'),
    shown: fixture('completion.sse'),
    usage: { inputTokens: 5, outputTokens: 2, source: 'provider' },
    leadingEvents: 0,
    closingEvents: 3,
    errorEvent: ERROR_EVENT,
  },
  errors: ERRORS,
};

export const RESPONSES: RecordedExchanges = {
  api: 'openai.responses',
  upstreamModel: 'gpt-4.1-2025-04-14',
  request: {
    whole: '{"model":"small","input":"hi"}',
    stream: '{"model":"small","input":"hi","stream":true}',
  },
  path: { whole: '/responses', stream: '/responses' },
  credential: { header: 'authorization', value: 'Bearer test-key' },
  answer: {
    body: fixture('response.json'),
    usage: {
      inputTokens: 36,
      outputTokens: 87,
      cachedInputTokens: 16,
      reasoningTokens: 64,
      source: 'provider',
    },
    upstreamId: 'resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b',
  },
  stream: {
    body: fixture('response.sse'),
    shown: fixture('response.sse'),
    usage: { inputTokens: 37, outputTokens: 11, reasoningTokens: 0, source: 'provider' },
    leadingEvents: 4,
    closingEvents: 1,
    errorEvent: {
      event:
        'event: error\ndata: {"type":"error","code":"rate_limit_exceeded","message":"Slow down","param":null,"sequence_number":5}\n\n',
      reason: 'rate_limited',
    },
  },
  errors: ERRORS,
};

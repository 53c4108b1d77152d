import { readFileSync } from 'node:fs';
import { exerciseProvider } from '../../conformance/exercise-provider.js';
import type { RecordedError } from '../../conformance/recorded-exchanges.js';
import { readSseEvent } from '../../wire/sse-event.js';
import { AnthropicStreamReading } from './anthropic-stream.js';

const fixture = (name: string) => readFileSync(`${import.meta.dirname}/fixtures/${name}`, 'utf8');
const error = (type: string, message: string) => JSON.stringify({ type: 'error', error: { type, message } });

const ERRORS: readonly RecordedError[] = [
  {
    title: 'a wrong field',
    status: 400,
    body: error('invalid_request_error', 'max_tokens: Field required'),
    reason: 'invalid_request',
  },
  {
    title: 'a prompt that is too long',
    status: 400,
    body: error('invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
    reason: 'context_length_exceeded',
  },
  {
    title: 'a wrong key',
    status: 401,
    body: error('authentication_error', 'invalid x-api-key'),
    reason: 'credential_refused',
  },
  {
    title: 'a bill that was not paid',
    status: 402,
    body: error('billing_error', 'Your credit balance is too low'),
    reason: 'credential_refused',
  },
  {
    title: 'an unknown model',
    status: 404,
    body: error('not_found_error', 'model: x'),
    reason: 'model_missing',
  },
  {
    title: 'a body that is too large',
    status: 413,
    body: error('request_too_large', 'x'),
    reason: 'invalid_request',
  },
  {
    title: 'a rate limit',
    status: 429,
    headers: { 'retry-after': '11', 'anthropic-ratelimit-requests-remaining': '0' },
    body: error('rate_limit_error', 'This request would exceed your rate limit.'),
    reason: 'rate_limited',
    retryAfterMs: 11_000,
  },
  {
    title: 'an internal error',
    status: 500,
    body: error('api_error', 'Internal server error'),
    reason: 'server_error',
  },
  { title: 'an overload', status: 529, body: error('overloaded_error', 'Overloaded'), reason: 'overloaded' },
];

exerciseProvider('anthropic', {
  api: 'anthropic.messages',
  upstreamModel: 'claude-sonnet-4-5-20250929',
  request: {
    whole: '{"model":"small","max_tokens":64,"messages":[{"role":"user","content":"Hello"}]}',
    stream: '{"model":"small","max_tokens":64,"stream":true,"messages":[{"role":"user","content":"Hello"}]}',
  },
  path: { whole: '/messages', stream: '/messages' },
  credential: { header: 'x-api-key', value: 'test-key' },
  answer: {
    body: fixture('message.json'),
    usage: {
      inputTokens: 2060,
      outputTokens: 21,
      cachedInputTokens: 1800,
      cacheWriteTokens: 248,
      source: 'provider',
    },
    upstreamId: 'msg_01XFDUDYJgAACzvnptvVoYEL',
  },
  stream: {
    body: fixture('message.sse'),
    shown: fixture('message.sse'),
    usage: {
      inputTokens: 125,
      outputTokens: 15,
      cachedInputTokens: 100,
      cacheWriteTokens: 0,
      source: 'provider',
    },
    leadingEvents: 3,
    closingEvents: 1,
    errorEvent: {
      event: `event: error\ndata: ${error('overloaded_error', 'Overloaded')}\n\n`,
      reason: 'overloaded',
    },
  },
  errors: ERRORS,
});

describe('AnthropicStreamReading', () => {
  it('charges a broken stream for the input that was told and the output that came', () => {
    const reading = new AnthropicStreamReading(400);
    for (const event of fixture('message.sse')
      .split(/(?<=\n\n)/)
      .slice(0, 5)) {
      reading.judge(readSseEvent(Buffer.from(event)));
    }
    expect(reading.usage('broken')).toEqual({
      inputTokens: 125,
      outputTokens: 2,
      cachedInputTokens: 100,
      cacheWriteTokens: 0,
      source: 'estimated',
    });
  });
});

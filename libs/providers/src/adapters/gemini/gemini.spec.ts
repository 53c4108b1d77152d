import { readFileSync } from 'node:fs';
import { exerciseProvider } from '../../conformance/exercise-provider.js';
import type { RecordedError } from '../../conformance/recorded-exchanges.js';
import { readSseEvent } from '../../wire/sse-event.js';
import { GeminiStreamReading } from './gemini-stream.js';

const fixture = (name: string) => readFileSync(`${import.meta.dirname}/fixtures/${name}`, 'utf8');
const error = (code: number, status: string, message: string, details: unknown[] = []) =>
  JSON.stringify({ error: { code, message, status, details } });

const ERRORS: readonly RecordedError[] = [
  {
    title: 'a wrong field',
    status: 400,
    body: error(400, 'INVALID_ARGUMENT', 'x'),
    reason: 'invalid_request',
  },
  {
    title: 'a prompt that is too long',
    status: 400,
    body: error(
      400,
      'INVALID_ARGUMENT',
      'The input token count (1200000) exceeds the maximum number of tokens',
    ),
    reason: 'context_length_exceeded',
  },
  {
    title: 'a wrong key',
    status: 400,
    body: error(400, 'INVALID_ARGUMENT', 'API key not valid.', [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' },
    ]),
    reason: 'credential_refused',
  },
  {
    title: 'a forbidden key',
    status: 403,
    body: error(403, 'PERMISSION_DENIED', 'x'),
    reason: 'credential_refused',
  },
  { title: 'an unknown model', status: 404, body: error(404, 'NOT_FOUND', 'x'), reason: 'model_missing' },
  {
    title: 'a spent rate limit',
    status: 429,
    body: error(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota', [
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34s' },
    ]),
    reason: 'rate_limited',
    retryAfterMs: 34_000,
  },
  { title: 'an internal error', status: 500, body: error(500, 'INTERNAL', 'x'), reason: 'server_error' },
  {
    title: 'an overload',
    status: 503,
    body: error(503, 'UNAVAILABLE', 'The model is overloaded.'),
    reason: 'overloaded',
  },
  {
    title: 'a missed deadline',
    status: 504,
    body: error(504, 'DEADLINE_EXCEEDED', 'x'),
    reason: 'timed_out',
  },
];

const REQUEST = '{"contents":[{"parts":[{"text":"Explain how AI works"}]}]}';

exerciseProvider('gemini', {
  api: 'gemini.generate',
  upstreamModel: 'gemini-2.5-flash',
  request: { whole: REQUEST, stream: REQUEST },
  path: {
    whole: '/models/gemini-2.5-flash:generateContent',
    stream: '/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
  },
  credential: { header: 'x-goog-api-key', value: 'test-key' },
  answer: {
    body: fixture('content.json'),
    usage: {
      inputTokens: 8,
      outputTokens: 41,
      cachedInputTokens: 4,
      reasoningTokens: 31,
      source: 'provider',
    },
    upstreamId: 'mAitaLmkHPPlz7IPvtfUqQ4',
  },
  stream: {
    body: fixture('content.sse'),
    shown: fixture('content.sse'),
    usage: { inputTokens: 8, outputTokens: 38, reasoningTokens: 31, source: 'provider' },
    leadingEvents: 0,
    closingEvents: 1,
    errorEvent: { event: `data: ${error(503, 'UNAVAILABLE', 'overloaded')}\n\n`, reason: 'overloaded' },
  },
  errors: ERRORS,
});

describe('GeminiStreamReading', () => {
  const judge = (reading: GeminiStreamReading, data: object) =>
    reading.judge(readSseEvent(Buffer.from(`data: ${JSON.stringify(data)}\n\n`)));

  it('takes a blocked prompt for a whole answer', () => {
    const reading = new GeminiStreamReading(10);
    judge(reading, { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 3 } });
    expect(reading.endable).toBe(true);
    expect(reading.usage('complete')).toEqual({ inputTokens: 3, outputTokens: 0, source: 'provider' });
  });

  it('takes a function call for an answer that has begun, and not for its end', () => {
    const reading = new GeminiStreamReading(10);
    judge(reading, { candidates: [{ content: { parts: [{ functionCall: { name: 'f', args: {} } }] } }] });
    expect(reading.started).toBe(true);
    expect(reading.endable).toBe(false);
  });
});

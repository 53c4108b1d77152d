import { readFileSync } from 'node:fs';
import { systemClock } from '@penstock/resilience';
import { exerciseProvider } from '../../conformance/exercise-provider.js';
import { opened, readAll } from '../../conformance/exercise-streams.js';
import { PlaybackServer } from '../../conformance/playback-server.js';
import type { RecordedError, RecordedExchanges } from '../../conformance/recorded-exchanges.js';
import { createProvider } from '../../create-provider.js';
import type { ProviderCall } from '../../provider.js';

const fixture = (name: string) => readFileSync(`${import.meta.dirname}/fixtures/${name}`, 'utf8');
const events = (name: string) => fixture(name).split(/(?<=\n\n)/);

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

const CHAT: RecordedExchanges = {
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

exerciseProvider('openai', CHAT);

exerciseProvider('openai', {
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
});

exerciseProvider('openai', {
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
});

describe('the openai adapter', () => {
  let server: PlaybackServer;
  beforeAll(async () => {
    server = await PlaybackServer.start();
  });
  afterAll(() => server.close());

  const setup = (
    settings: { apiKey?: string; headers?: Record<string, string>; streamUsage?: boolean } = {},
  ) => {
    const provider = createProvider(
      { adapter: 'openai', name: 'p', baseUrl: `${server.url}/v1?api-version=7`, ...settings },
      systemClock,
    );
    const call = (body: string, more: Partial<ProviderCall> = {}) =>
      provider.call({
        api: 'openai.chat',
        body: Buffer.from(body),
        stream: false,
        upstreamModel: 'up/stream',
        attemptId: 'att_1',
        signal: new AbortController().signal,
        firstByteTimeoutMs: 5000,
        idleTimeoutMs: 5000,
        ...more,
      });
    const json = (body: string) => {
      server.answer(
        (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(body),
      );
    };
    const sse = (body: string) => {
      server.answer(
        (_, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(body),
      );
    };
    return { call, json, sse, sent: async () => (await server.request()).body.toString() };
  };

  it('replaces the model and not a byte more', async () => {
    const { call, json, sent } = setup();
    json(fixture('chat-completion.json'));
    await call('{ "x":{"model":"m"},\n"model" : "small" , "é":1e2 }');
    expect(await sent()).toBe('{ "x":{"model":"m"},\n"model" : "up/stream" , "é":1e2 }');
  });

  it('asks for usage where the client did not, and leaves a client that did alone', async () => {
    const { call, sse, sent } = setup();
    sse(fixture('chat-completion.sse'));
    await readAll(opened(await call('{"model":"m","stream":true}', { stream: true })));
    expect(await sent()).toBe('{"model":"up/stream","stream":true,"stream_options":{"include_usage":true}}');

    sse(fixture('chat-completion.sse'));
    const declined = '{"stream_options":{"include_usage":false,"include_obfuscation":false},"model":"m"}';
    await readAll(opened(await call(declined, { stream: true })));
    expect(JSON.parse(await sent())).toEqual({
      stream_options: { include_usage: true, include_obfuscation: false },
      model: 'up/stream',
    });

    sse(fixture('chat-completion.sse'));
    const asking = '{"stream_options":{ "include_usage" : true },"model":"m"}';
    const { text } = await readAll(opened(await call(asking, { stream: true })));
    expect(await sent()).toBe('{"stream_options":{ "include_usage" : true },"model":"up/stream"}');
    expect(text).toBe(fixture('chat-completion.sse'));
  });

  it('does not ask a provider that does not know the field, and estimates', async () => {
    const { call, sse, sent } = setup({ streamUsage: false });
    sse(fixture('tool-call.sse'));
    const { text, end } = await readAll(opened(await call('{"model":"m","stream":true}', { stream: true })));
    expect(await sent()).toBe('{"model":"up/stream","stream":true}');
    expect(text).toBe(fixture('tool-call.sse'));
    // 35 bytes were sent; 31 characters of a tool call came, in three events.
    expect(end).toEqual({ usage: { inputTokens: 9, outputTokens: 8, source: 'estimated' } });
  });

  it('takes a proper end after a finish reason for an end, where [DONE] is omitted', async () => {
    const { call, sse } = setup();
    sse(events('chat-completion.sse').slice(0, 5).join(''));
    const { end } = await readAll(opened(await call('{"model":"m","stream":true}', { stream: true })));
    expect(end).toMatchObject({ usage: { outputTokens: 10 } });
    expect(end.failure).toBeUndefined();
  });

  it('gives a whole answer where a stream was asked for and none came', async () => {
    const { call, json } = setup();
    json(fixture('chat-completion.json'));
    expect((await call('{"model":"m","stream":true}', { stream: true })).kind).toBe('complete');
  });

  it('reads embeddings', async () => {
    const { call, json } = setup();
    json(fixture('embedding.json'));
    expect(await call('{"model":"m","input":"x"}', { api: 'openai.embeddings' })).toMatchObject({
      kind: 'complete',
      usage: { inputTokens: 8, outputTokens: 0, source: 'provider' },
    });
    expect((await server.request()).path).toBe('/v1/embeddings?api-version=7');
  });

  it('estimates what a provider does not tell', async () => {
    const { call, json } = setup();
    json('{"choices":[]}');
    expect(await call('{"model":"m"}')).toMatchObject({
      usage: { inputTokens: 6, outputTokens: 4, source: 'estimated' },
      upstreamId: undefined,
    });
  });

  it('sends headers of the configuration over its own, and no credential where there is none', async () => {
    const { call, json } = setup({ headers: { 'X-Title': 'Penstock', 'Accept-Encoding': 'deflate' } });
    json(fixture('chat-completion.json'));
    await call('{"model":"m"}');
    const { headers } = await server.request();
    expect(headers).toMatchObject({ 'x-title': 'Penstock', 'accept-encoding': 'deflate' });
    expect(headers.authorization).toBeUndefined();
  });

  it('reads the rate limits', async () => {
    const { call } = setup();
    server.answer((_, response) => {
      const headers = {
        'content-type': 'application/json',
        'x-ratelimit-limit-requests': '60',
        'x-ratelimit-remaining-requests': '59',
        'x-ratelimit-reset-requests': '1s',
        'x-ratelimit-limit-tokens': '150000',
        'x-ratelimit-remaining-tokens': '149984',
        'x-ratelimit-reset-tokens': '6m0s',
      };
      response.writeHead(200, headers).end(fixture('chat-completion.json'));
    });
    expect(await call('{"model":"m"}')).toMatchObject({
      limits: {
        requests: { limit: 60, remaining: 59, resetMs: 1000 },
        tokens: { limit: 150_000, remaining: 149_984, resetMs: 360_000 },
      },
    });
  });

  it('refuses what it cannot send without sending anything', async () => {
    const { call, json } = setup({ apiKey: 'key\nwith a line break' });
    json('{}');
    expect(await call('{"model":"m"')).toMatchObject({ failure: { reason: 'invalid_request' } });
    expect(await call('{"model":"m"}', { api: 'gemini.generate' })).toMatchObject({
      failure: { reason: 'model_missing' },
    });
    const unwritable = await call('{"model":"m"}');
    expect(unwritable).toMatchObject({ failure: { reason: 'internal' } });
    expect(JSON.stringify(unwritable)).not.toContain('line break');
    expect(server.requests).toHaveLength(0);
  });
});

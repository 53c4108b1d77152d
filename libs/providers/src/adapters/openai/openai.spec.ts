import { systemClock } from '@penstock/resilience';
import { exerciseProvider } from '../../conformance/exercise-provider.js';
import { opened, readAll } from '../../conformance/exercise-streams.js';
import { PlaybackServer } from '../../conformance/playback-server.js';
import { createProvider } from '../../create-provider.js';
import type { ProviderCall } from '../../provider.js';
import { CHAT, COMPLETIONS, RESPONSES, events, fixture } from './recorded.fixture.js';

exerciseProvider('openai', CHAT);
exerciseProvider('openai', COMPLETIONS);
exerciseProvider('openai', RESPONSES);

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

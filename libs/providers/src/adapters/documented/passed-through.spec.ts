import { PlaybackServer } from '../../conformance/playback-server.js';
import { anyCall, playedProvider } from '../../conformance/played-provider.js';
import type { ProviderAnswer } from '../../provider.js';
import { CHAT_PROVIDERS } from './chat-providers.fixture.js';
import { OPENAI_SERVERS } from './openai-servers.fixture.js';
import { XAI_CHAT, XAI_CHAT_THOUGHTS_WITHIN } from './xai.fixture.js';

/** A client of chat completions gets the provider's own bytes; what they say is read beside that. */
describe.each([...CHAT_PROVIDERS, ...OPENAI_SERVERS, XAI_CHAT, XAI_CHAT_THOUGHTS_WITHIN])(
  '$adapter, passed through, as $sources.0 has it, with $usage.outputTokens output tokens',
  ({ adapter, options, answer, stream, usage, passedThrough = usage, stops, brokenBy = [], errors }) => {
    let server: PlaybackServer;
    beforeAll(async () => (server = await PlaybackServer.start()));
    afterAll(() => server.close());

    const call = (streamed: boolean) =>
      playedProvider(server, adapter, options).call({
        api: 'openai.chat',
        body: Buffer.from(
          JSON.stringify({
            model: 'm',
            messages: [{ role: 'user', content: 'How high?' }],
            ...(streamed && { stream: true, stream_options: { include_usage: true } }),
          }),
        ),
        stream: streamed,
        ...anyCall(),
      });
    const lines = (events: readonly (object | string)[]) =>
      events
        .map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`)
        .join('');

    it.each(Object.entries(stops))(
      'hands on an answer that ended in %s, if it is one: %s',
      async (word, unified) => {
        const body = JSON.stringify(answer(word));
        server.plays(200, 'application/json', body);
        const given = await call(false);
        if (unified === 'broken') return expect(given).toMatchObject({ kind: 'failure' });
        if (given.kind !== 'complete') throw new Error(JSON.stringify(given));
        expect(Buffer.from(given.body).toString()).toBe(body);
        expect(given.usage).toEqual(passedThrough);
      },
    );

    it('reads what a stream used', async () => {
      server.plays(200, 'text/event-stream', lines(stream.events));
      const { seen, end } = await read(await call(true));
      expect(seen).toBe(lines(stream.events));
      expect(end.failure).toBeUndefined();
      expect(end.usage).toEqual(passedThrough);
    });

    const endings = Object.entries(stops)
      .filter(([, unified]) => unified === 'broken')
      .map(([finish_reason]) => ({ choices: [{ index: 0, delta: {}, finish_reason }] }));
    it.each(['{"choices":', ...brokenBy, ...endings])(
      'ends a stream that was broken off by %j',
      async (event) => {
        const begun = stream.events.slice(0, 3);
        server.plays(200, 'text/event-stream', lines([...begun, event, '[DONE]']));
        const { seen, end } = await read(await call(true));
        expect(seen).toBe(lines(begun));
        expect(end.failure).toMatchObject({ reason: 'stream_interrupted' });
      },
    );

    it.each(errors)('takes $status for $reason', async ({ status, body, headers, reason, retryAfterMs }) => {
      server.plays(status, 'application/json', JSON.stringify(body), headers);
      const given = await call(false);
      if (given.kind !== 'failure') throw new Error(`was ${given.kind}`);
      expect(given.failure).toMatchObject({ reason, status });
      expect(given.failure.retryAfterMs).toBe(retryAfterMs);
    });
  },
);

async function read(given: ProviderAnswer) {
  if (given.kind !== 'stream') throw new Error(JSON.stringify(given));
  const seen: Uint8Array[] = [];
  let next = await given.chunks.next();
  while (!next.done) {
    seen.push(next.value);
    next = await given.chunks.next();
  }
  return { seen: Buffer.concat(seen).toString(), end: next.value };
}

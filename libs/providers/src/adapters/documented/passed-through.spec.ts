import { systemClock } from '@penstock/resilience';
import { PlaybackServer } from '../../conformance/playback-server.js';
import { createProvider } from '../../create-provider.js';
import { CHAT_PROVIDERS } from './chat-providers.fixture.js';
import { XAI_CHAT, XAI_CHAT_THOUGHTS_WITHIN } from './xai.fixture.js';

/** A client of chat completions gets the provider's own bytes; what they say was used is read beside that. */
describe.each([...CHAT_PROVIDERS, XAI_CHAT, XAI_CHAT_THOUGHTS_WITHIN])(
  '$adapter, passed through, with $usage.outputTokens output tokens',
  ({ adapter, options, answer, stream, usage }) => {
    let server: PlaybackServer;
    beforeAll(async () => (server = await PlaybackServer.start()));
    afterAll(() => server.close());

    const call = (streamed: boolean) =>
      createProvider(
        {
          adapter,
          name: 'p',
          baseUrl: `${server.url}/base`,
          apiKey: 'test-key',
          ...(options && { options }),
        },
        systemClock,
      ).call({
        api: 'openai.chat',
        body: Buffer.from(
          JSON.stringify({
            model: 'm',
            messages: [{ role: 'user', content: 'How high?' }],
            ...(streamed && { stream: true, stream_options: { include_usage: true } }),
          }),
        ),
        stream: streamed,
        upstreamModel: 'up-model',
        attemptId: 'att_1',
        signal: new AbortController().signal,
        firstByteTimeoutMs: 5000,
        idleTimeoutMs: 5000,
      });

    it('reads what an answer used', async () => {
      const body = JSON.stringify(answer('stop'));
      server.answer(
        (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(body),
      );
      const given = await call(false);
      if (given.kind !== 'complete') throw new Error(JSON.stringify(given));
      expect(Buffer.from(given.body).toString()).toBe(body);
      expect(given.usage).toEqual(usage);
    });

    it('reads what a stream used', async () => {
      const lines = stream.events.map(
        (event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`,
      );
      server.answer(
        (_, response) =>
          void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(lines.join('')),
      );
      const given = await call(true);
      if (given.kind !== 'stream') throw new Error(JSON.stringify(given));
      const seen: Uint8Array[] = [];
      let next = await given.chunks.next();
      while (!next.done) {
        seen.push(next.value);
        next = await given.chunks.next();
      }
      expect(Buffer.concat(seen).toString()).toBe(lines.join(''));
      expect(next.value.failure).toBeUndefined();
      expect(next.value.usage).toEqual(usage);
    });
  },
);

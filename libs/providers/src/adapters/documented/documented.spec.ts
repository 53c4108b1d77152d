import type { Usage } from '@penstock/contracts';
import { readParts, textOf } from '../../conformance/exercise-translation.js';
import { encodeAwsEvents } from '../../conformance/aws-event-stream.js';
import { PlaybackServer } from '../../conformance/playback-server.js';
import { anyCall, playedProvider } from '../../conformance/played-provider.js';
import { ASKED, type Documented } from './documented.js';
import { CHAT_PROVIDERS } from './chat-providers.fixture.js';
import { OPENAI_SERVERS } from './openai-servers.fixture.js';
import { OWN_DIALECTS } from './own-dialects.fixture.js';
import { XAI_RESPONSES } from './xai.fixture.js';

/** Each provider's wire format as it is documented: usage, stop reasons, streams, errors. */
describe.each([...CHAT_PROVIDERS, ...OPENAI_SERVERS, ...OWN_DIALECTS, XAI_RESPONSES])(
  '$adapter as $sources.0 has it',
  (documented) => {
    const {
      adapter,
      options,
      request,
      unsupported,
      answer,
      text,
      usage,
      stops,
      stream,
      errors,
      brokenBy = [],
    } = documented;
    let server: PlaybackServer;
    beforeAll(async () => (server = await PlaybackServer.start()));
    afterAll(() => server.close());

    const generate = (streamed: boolean) =>
      playedProvider(server, adapter, options).generate({
        call: ASKED,
        stream: streamed,
        ...anyCall(),
      });

    it('is asked in its own words', async () => {
      server.plays(200, 'application/json', JSON.stringify(answer(Object.keys(stops)[0] ?? '')));
      expect(await generate(false)).toMatchObject({ kind: 'complete', ...(unsupported && { unsupported }) });
      const { path, body } = await server.request();
      expect(path).toBe(request.path);
      expect(JSON.parse(body.toString())).toEqual(withoutAbsent(request.body));
      const { type, body: events } = wireOf(stream);
      server.plays(200, type, events);
      const streamed = await generate(true);
      expect('unsupported' in streamed ? streamed.unsupported : undefined).toEqual(unsupported);
      await readParts(streamed);
    });

    it.each(Object.entries(stops))('reads an answer that ended in %s as %s', async (word, unified) => {
      server.plays(200, 'application/json', JSON.stringify(answer(word)));
      const given = await generate(false);
      if (unified === 'broken') return expect(given).toMatchObject({ kind: 'failure' });
      if (given.kind !== 'complete') throw new Error(JSON.stringify(given));
      expect(given.result.finishReason).toMatchObject({ unified, raw: word });
      expect(textOf(given.result.content)).toBe(text);
      expect(withoutZeros(given.usage)).toEqual(usage);
    });

    it('reads a stream', async () => {
      const { type, body } = wireOf(stream);
      server.plays(200, type, body);
      const { parts, end } = await readParts(await generate(true));
      expect(textOf(parts)).toBe(stream.text);
      expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: { unified: 'stop' } });
      expect(end.failure).toBeUndefined();
      expect(withoutZeros(end.usage)).toEqual(stream.usage);
    });

    // Few document any, and jest wants a list that is not empty.
    for (const event of brokenBy)
      it(`takes a stream for broken off by ${JSON.stringify(event)}`, async () => {
        const { type, body } = wireOf({ ...stream, events: [...stream.events.slice(0, 3), event] });
        server.plays(200, type, body);
        const { end } = await readParts(await generate(true));
        expect(end.failure).toMatchObject({ reason: 'stream_interrupted' });
      });

    it.each(errors)('takes $status for $reason', async ({ status, body, headers, reason, retryAfterMs }) => {
      for (const streamed of [false, true]) {
        server.plays(status, 'application/json', JSON.stringify(body), headers);
        const given = await generate(streamed);
        if (given.kind !== 'failure') throw new Error(`was ${given.kind}`);
        expect(given.failure).toMatchObject({ reason, status });
        expect(given.failure.retryAfterMs).toBe(retryAfterMs);
        expect(server.requests).toHaveLength(1);
      }
    });
  },
);

function wireOf({ framing, events }: Documented['stream']) {
  if (framing === 'aws') {
    return { type: 'application/vnd.amazon.eventstream', body: encodeAwsEvents(events as object[]) };
  }
  const lines = events.map(
    (event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`,
  );
  return { type: 'text/event-stream', body: lines.join('') };
}

/** Undefined stands for a field that this provider has not. */
function withoutAbsent(body: object): object {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

/** Some packages write 0 for what a provider did not say. */
function withoutZeros(usage: Usage | undefined): object {
  return Object.fromEntries(Object.entries(usage ?? {}).filter(([, count]) => count !== 0));
}

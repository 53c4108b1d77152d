import type { CanonicalCall, CanonicalStreamPart, Usage } from '@penstock/contracts';
import { systemClock } from '@penstock/resilience';
import type { AdapterName } from '../adapters/adapters.js';
import { createProvider } from '../create-provider.js';
import type { Provider, StreamEnd, TranslatedAnswer, TranslatedCall } from '../provider.js';
import { JSON_TYPE, KEY, SSE_TYPE } from './bench.js';
import { split } from './exercise-streams.js';
import { flood } from './flood.js';
import { PlaybackServer } from './playback-server.js';

/** An adapter's side of the suite for translated calls: exchanges as its provider documents them. */
export interface RecordedTranslation {
  readonly path: { readonly whole: string; readonly stream: string };
  readonly answer: {
    readonly body: string;
    readonly text: string;
    readonly usage: Usage;
    readonly id: string | undefined;
  };
  readonly stream: {
    readonly body: string;
    readonly text: string;
    readonly usage: Usage;
    /** Events at the start that are not yet an answer. */
    readonly leadingEvents: number;
    /** Events at the end without which the answer is not complete. */
    readonly closingEvents: number;
    readonly errorEvent: string;
  };
  /** Bodies of a 429 and of a 400, whose sentences must not be repeated. */
  readonly errors: { readonly rateLimited: string; readonly invalid: string };
}

const CALL: CanonicalCall = {
  prompt: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'Hello there, provider' }] },
  ],
  maxOutputTokens: 64,
  user: 'user-1',
};

/** What every adapter has to do with a canonical call, against a real server. To be called at the top of a spec. */
export function exerciseTranslation(adapter: AdapterName, recorded: RecordedTranslation): void {
  describe(`${adapter}, translated`, () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown) => unhandled.push(reason);
    let server: PlaybackServer;
    let provider: Provider;

    beforeAll(async () => {
      process.on('unhandledRejection', onUnhandled);
      server = await PlaybackServer.start();
      const baseUrl = server.url.replace('http://', 'http://user:pass@') + '/base/';
      const settings = {
        adapter,
        name: 'recorded',
        baseUrl,
        apiKey: KEY,
        headers: { 'x-title': 'Penstock' },
      };
      provider = createProvider(settings, systemClock);
    });

    afterAll(async () => {
      await server.close();
      await provider.close();
      process.off('unhandledRejection', onUnhandled);
      expect(unhandled).toEqual([]);
    });

    const generate = (stream: boolean, more: Partial<TranslatedCall> = {}) =>
      provider.generate({
        call: CALL,
        stream,
        upstreamModel: 'up-model',
        attemptId: 'att_1',
        signal: new AbortController().signal,
        firstByteTimeoutMs: 5000,
        idleTimeoutMs: 5000,
        ...more,
      });
    const plays = (status: number, type: Record<string, string>, body: string) => {
      server.answer((_, response) => void response.writeHead(status, type).end(body));
    };
    const begin = () =>
      split(recorded.stream.body)
        .slice(0, recorded.stream.leadingEvents + 1)
        .join('');

    it('translates the call and the whole answer', async () => {
      plays(200, JSON_TYPE, recorded.answer.body);
      const answer = await generate(false, {
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      });
      if (answer.kind !== 'complete') throw new Error(JSON.stringify(answer));
      expect(textOf(answer.result.content)).toBe(recorded.answer.text);
      expect(answer.result.finishReason.unified).toBe('stop');
      expect(answer.usage).toEqual(recorded.answer.usage);
      expect(answer.upstreamId).toBe(recorded.answer.id);
      const request = await server.request();
      expect(request.path).toBe(recorded.path.whole);
      expect(request.body.toString()).toContain('Hello there, provider');
      expect(request.headers).toMatchObject({ 'x-request-id': 'att_1', 'x-title': 'Penstock' });
      expect(request.headers.traceparent).toContain('4bf92f35');
      expect(JSON.stringify(request.headers)).toContain(KEY);
    });

    it('translates the streamed answer', async () => {
      plays(200, SSE_TYPE, recorded.stream.body);
      const { parts, end } = await readParts(await generate(true));
      expect(textOf(parts)).toBe(recorded.stream.text);
      expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: { unified: 'stop' } });
      expect(end).toEqual({ usage: recorded.stream.usage });
      expect((await server.request()).path).toBe(recorded.path.stream);
    });

    it.each(['cut', 'ended early'])('%s: never a clean end', async (how) => {
      const sent = split(recorded.stream.body).slice(0, -recorded.stream.closingEvents).join('');
      server.answer(({ socket }, response) => {
        response.writeHead(200, SSE_TYPE);
        if (how === 'ended early') response.end(sent);
        else response.write(sent, () => void socket.destroy());
      });
      const { parts, end } = await readParts(await generate(true));
      expect(end.failure?.reason).toBe('stream_interrupted');
      expect(end.usage?.source).toBe('estimated');
      expect(parts.some((part) => part.type === 'finish')).toBe(false);
    });

    it('ends a stream that falls silent', async () => {
      server.answer((_, response) => void response.writeHead(200, SSE_TYPE).write(begin()));
      const { end } = await readParts(await generate(true, { idleTimeoutMs: 40 }));
      expect(end.failure?.reason).toBe('stream_interrupted');
      await (
        await server.request()
      ).closed;
    });

    it('ends at an error event, and at one that cannot be read', async () => {
      for (const event of [recorded.stream.errorEvent, 'data: {"id": tru\n\n']) {
        plays(200, SSE_TYPE, begin() + event);
        const { parts, end } = await readParts(await generate(true));
        expect(end.failure?.reason).toBe('stream_interrupted');
        expect(parts.some((part) => part.type === 'finish')).toBe(false);
      }
    });

    it('takes an error event that comes before the answer for the failure it is', async () => {
      plays(200, SSE_TYPE, recorded.stream.errorEvent);
      expect(await generate(true)).toMatchObject({ kind: 'failure', failure: { reason: 'overloaded' } });
    });

    it('given up: the connection is closed and the stream says so', async () => {
      const caller = new AbortController();
      server.answer((_, response) => void response.writeHead(200, SSE_TYPE).write(begin()));
      const answer = await generate(true, { signal: caller.signal });
      const reading = readParts(answer);
      caller.abort();
      await (
        await server.request()
      ).closed;
      expect((await reading).end.failure?.reason).toBe('aborted');

      server.answer((_, response) => void response.writeHead(200, SSE_TYPE).write(begin()));
      const abandoned = await generate(true);
      if (abandoned.kind === 'stream') await abandoned.parts.return();
      await (
        await server.request()
      ).closed;

      server.answer(() => {});
      const gone = new AbortController();
      const waiting = generate(false, { signal: gone.signal });
      const request = await server.request();
      gone.abort();
      await request.closed;
      expect(await waiting).toMatchObject({ kind: 'failure', failure: { reason: 'aborted' } });
    });

    it('reads no further than a bounded buffer while nobody reads the parts', async () => {
      const content = split(recorded.stream.body)[recorded.stream.leadingEvents] ?? '';
      const full = flood(server, begin(), content.repeat(64));
      const answer = await generate(true);
      expect((await full).acceptedBytes).toBeLessThan(16 * 1024 * 1024);
      if (answer.kind === 'stream') await answer.parts.return();
      await (
        await server.request()
      ).closed;
    });

    it('classifies refusals, repeats what they say to the caller alone, and retries none', async () => {
      for (const stream of [false, true]) {
        plays(429, { ...JSON_TYPE, 'retry-after': '7' }, recorded.errors.rateLimited);
        const limited = await generate(stream);
        expect(limited).toMatchObject({
          failure: { reason: 'rate_limited', status: 429, retryAfterMs: 7000 },
        });
        expect(server.requests).toHaveLength(1);
        plays(400, JSON_TYPE, recorded.errors.invalid);
        const invalid = await generate(stream);
        expect(invalid).toMatchObject({
          failure: { reason: 'invalid_request', status: 400 },
          usage: undefined,
        });
        if (limited.kind !== 'failure' || invalid.kind !== 'failure') throw new Error('were no failures');
        expect(JSON.stringify(limited)).not.toContain('secret sentence');
        // The caller may read its own words again; nobody else.
        const { callerDetail, ...told } = invalid.failure;
        expect(callerDetail).toContain('secret sentence');
        expect(JSON.stringify(told)).not.toContain('secret sentence');
        expect(told.body).toBeUndefined();
        plays(500, JSON_TYPE, '<html>');
        expect(await generate(stream)).toMatchObject({ failure: { reason: 'server_error', status: 500 } });
        expect(server.requests).toHaveLength(1);
      }
    });

    it('knows a broken connection, a silent provider and an answer that cannot be read', async () => {
      server.answer(({ socket }) => void socket.resetAndDestroy());
      expect(await generate(false)).toMatchObject({ failure: { reason: 'connection_failed' } });
      server.answer(() => {});
      expect(await generate(false, { firstByteTimeoutMs: 30 })).toMatchObject({
        failure: { reason: 'timed_out' },
      });
      plays(200, JSON_TYPE, '{"id": "x", ');
      expect(await generate(false)).toMatchObject({
        failure: { reason: 'malformed_response' },
        usage: { source: 'estimated' },
      });
    });

    it('keeps many calls apart', async () => {
      plays(200, JSON_TYPE, recorded.answer.body);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) => generate(false, { attemptId: `att_${i}` })),
      );
      expect(answers.every((answer) => answer.kind === 'complete')).toBe(true);
      expect(new Set(server.requests.map((request) => request.headers['x-request-id'])).size).toBe(20);
    });
  });
}

/** All text in a whole answer or in the deltas of a stream. */
export function textOf(pieces: readonly object[]): string {
  return pieces
    .map((piece) => {
      if ('type' in piece && piece.type === 'text' && 'text' in piece) return piece.text;
      return 'type' in piece && piece.type === 'text-delta' && 'delta' in piece ? piece.delta : '';
    })
    .join('');
}

export async function readParts(
  answer: TranslatedAnswer,
): Promise<{ parts: CanonicalStreamPart[]; end: StreamEnd }> {
  if (answer.kind !== 'stream') throw new Error(`was no stream: ${JSON.stringify(answer)}`);
  const parts: CanonicalStreamPart[] = [];
  for (;;) {
    const { done, value } = await answer.parts.next();
    if (done) return { parts, end: value };
    parts.push(...value);
  }
}

import { failureKind } from '@penstock/contracts';
import { systemClock } from '@penstock/resilience';
import type { AdapterName } from '../adapters/adapters.js';
import { createProvider } from '../create-provider.js';
import type { Provider, ProviderCall } from '../provider.js';
import { JSON_TYPE, KEY, SSE_TYPE, type Bench } from './bench.js';
import { exerciseFaults } from './exercise-faults.js';
import { exerciseStreams } from './exercise-streams.js';
import { PlaybackServer } from './playback-server.js';
import type { RecordedExchanges } from './recorded-exchanges.js';

/**
 * What every adapter has to do, against a real server that plays what its provider documents and breaks in all the
 * ways a provider can. To be called at the top of a spec.
 */
export function exerciseProvider(adapter: AdapterName, recorded: RecordedExchanges): void {
  describe(`${adapter}, ${recorded.api}`, () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown) => unhandled.push(reason);
    let server: PlaybackServer;
    let provider: Provider;

    beforeAll(async () => {
      process.on('unhandledRejection', onUnhandled);
      server = await PlaybackServer.start();
      const baseUrl = server.url.replace('http://', 'http://user:pass@') + '/base/';
      provider = createProvider({ adapter, name: 'recorded', baseUrl, apiKey: KEY }, systemClock);
    });

    afterAll(async () => {
      await server.close();
      await provider.close();
      process.off('unhandledRejection', onUnhandled);
      expect(unhandled).toEqual([]);
    });

    const send = (stream: boolean, more: Partial<ProviderCall>) =>
      provider.call({
        api: recorded.api,
        body: Buffer.from(stream ? recorded.request.stream : recorded.request.whole),
        stream,
        upstreamModel: recorded.upstreamModel,
        attemptId: 'att_1',
        signal: new AbortController().signal,
        firstByteTimeoutMs: 5000,
        idleTimeoutMs: 5000,
        ...more,
      });

    const bench = (): Bench => ({
      server,
      provider,
      recorded,
      call: (more = {}) => send(false, more),
      stream: (more = {}) => send(true, more),
    });

    exerciseAnswers(bench);
    exerciseStreams(bench);
    exerciseFaults(bench);
    exerciseErrors(bench, recorded);
  });
}

function exerciseAnswers(bench: () => Bench): void {
  it('sends the request where it belongs, with the credential and the trace', async () => {
    const { server, recorded, call } = bench();
    server.answer((_, response) => void response.writeHead(200, JSON_TYPE).end(recorded.answer.body));
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await call({ traceparent });
    const request = await server.request();
    expect(request.path).toBe(`/base${recorded.path.whole}`);
    expect(request.headers[recorded.credential.header]).toBe(recorded.credential.value);
    expect(request.headers['content-type']).toBe('application/json');
    expect(request.headers.traceparent).toBe(traceparent);
    expect(request.headers['x-request-id']).toBe('att_1');
    expect(request.headers.authorization ?? '').not.toContain('Basic');
  });

  it('gives the answer byte for byte, with its usage and id', async () => {
    const { server, recorded, call } = bench();
    server.answer((_, response) => void response.writeHead(200, JSON_TYPE).end(recorded.answer.body));
    const answer = await call();
    expect(answer).toMatchObject({
      kind: 'complete',
      status: 200,
      usage: recorded.answer.usage,
      upstreamId: recorded.answer.upstreamId,
    });
    if (answer.kind === 'complete') expect(Buffer.from(answer.body).toString()).toBe(recorded.answer.body);
  });

  it('uses one connection for calls that follow each other', async () => {
    const { server, recorded, call, stream } = bench();
    server.answer((_, response) => void response.writeHead(200, JSON_TYPE).end(recorded.answer.body));
    await call();
    const before = server.connections;
    for (let i = 0; i < 5; i++) {
      server.answer((_, response) => void response.writeHead(200, SSE_TYPE).end(recorded.stream.body));
      const answer = await stream();
      if (answer.kind === 'stream') for await (const _ of answer.chunks);
      server.answer((_, response) => void response.writeHead(200, JSON_TYPE).end(recorded.answer.body));
      expect((await call()).kind).toBe('complete');
    }
    expect(server.connections - before).toBeLessThanOrEqual(1);
  });
}

function exerciseErrors(bench: () => Bench, recorded: RecordedExchanges): void {
  it.each(recorded.errors)('$title is $reason', async ({ status, headers, body, reason, retryAfterMs }) => {
    const { server, call, stream } = bench();
    server.answer((_, response) => void response.writeHead(status, { ...JSON_TYPE, ...headers }).end(body));
    for (const answer of [await call(), await stream()]) {
      if (answer.kind !== 'failure') throw new Error(`was ${answer.kind}`);
      expect(answer.failure.reason).toBe(reason);
      expect(answer.failure.retryAfterMs).toBe(retryAfterMs);
      // An error in a 200 may say which status it should have had.
      if (status >= 300) expect(answer.failure.status).toBe(status);
      expect(answer.usage).toBeUndefined();
      expect(JSON.stringify(answer.failure)).not.toContain(KEY);
      const passedOn = answer.failure.body && Buffer.from(answer.failure.body).toString();
      expect(passedOn).toBe(failureKind(answer.failure) === 'caller' ? body : undefined);
    }
  });
}

import { systemClock } from '@penstock/resilience';
import { createProvider } from '../create-provider.js';
import { JSON_TYPE, SSE_TYPE, type Bench } from './bench.js';
import { opened, split } from './exercise-streams.js';

/** All the ways in which a connection, or the one who waits for it, can give up. */
export function exerciseFaults(bench: () => Bench): void {
  it('says so when nobody listens', async () => {
    const { recorded } = bench();
    const settings = { adapter: 'openai', name: 'nobody', baseUrl: 'http://127.0.0.1:1' } as const;
    const nobody = createProvider(settings, systemClock);
    const answer = await nobody.call({
      api: 'openai.chat',
      body: Buffer.from('{"model":"m"}'),
      stream: false,
      upstreamModel: recorded.upstreamModel,
      attemptId: 'att_1',
      signal: new AbortController().signal,
      firstByteTimeoutMs: 5000,
      idleTimeoutMs: 5000,
    });
    expect(answer).toMatchObject({
      kind: 'failure',
      failure: { reason: 'connection_failed' },
      usage: undefined,
    });
    await nobody.close();
  });

  it('says so when the connection is reset instead of answered', async () => {
    const { server, call } = bench();
    server.answer(({ socket }) => void socket.resetAndDestroy());
    expect(await call()).toMatchObject({
      kind: 'failure',
      failure: { reason: 'connection_failed' },
      usage: undefined,
    });
  });

  it('says so when the answer is not HTTP', async () => {
    const { server, call } = bench();
    server.answer(({ socket }) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n'));
    expect(await call()).toMatchObject({ kind: 'failure', failure: { reason: 'malformed_response' } });
  });

  it.each([
    ['is not JSON', '{"id": "x", "choi'],
    ['is JSON of another kind', '{"hello":"world"}'],
    ['is empty', ''],
  ])('a 200 whose body %s is malformed, and charged by estimate', async (_, body) => {
    const { server, call } = bench();
    server.answer((_, response) => void response.writeHead(200, JSON_TYPE).end(body));
    expect(await call()).toMatchObject({
      kind: 'failure',
      failure: { reason: 'malformed_response', status: 200 },
      usage: { source: 'estimated' },
    });
  });

  it('a compressed answer is malformed: it was asked not to be', async () => {
    const { server, call } = bench();
    server.answer(
      (_, response) => void response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end('xx'),
    );
    expect(await call()).toMatchObject({ kind: 'failure', failure: { reason: 'malformed_response' } });
  });

  it('a 200 that breaks off in its body has failed, and is charged by estimate', async () => {
    const { server, recorded, call } = bench();
    server.answer(({ socket }, response) => {
      response.writeHead(200, { ...JSON_TYPE, 'content-length': recorded.answer.body.length });
      response.write(recorded.answer.body.slice(0, 20), () => void socket.destroy());
    });
    expect(await call()).toMatchObject({
      kind: 'failure',
      failure: { reason: 'connection_failed' },
      usage: { source: 'estimated' },
    });
  });

  it('follows no redirect', async () => {
    const { server, call } = bench();
    server.answer((_, response) => void response.writeHead(307, { location: '/elsewhere' }).end());
    expect(await call()).toMatchObject({
      kind: 'failure',
      failure: { reason: 'malformed_response', status: 307 },
    });
    expect(server.requests).toHaveLength(1);
  });

  it('retries nothing', async () => {
    const { server, call } = bench();
    server.answer((_, response) => void response.writeHead(503).end());
    await call();
    expect(server.requests).toHaveLength(1);
  });

  it('gives up on a provider that does not answer in time, and closes the connection', async () => {
    const { server, call } = bench();
    server.answer(() => {});
    const answer = await call({ firstByteTimeoutMs: 30 });
    expect(answer).toMatchObject({ kind: 'failure', failure: { reason: 'timed_out' }, usage: undefined });
    await (
      await server.request()
    ).closed;
  });

  it('gives up on a provider that sends headers and nothing else', async () => {
    const { server, stream } = bench();
    server.answer((_, response) => response.writeHead(200, SSE_TYPE).flushHeaders());
    const answer = await stream({ firstByteTimeoutMs: 30 });
    expect(answer).toMatchObject({ kind: 'failure', failure: { reason: 'timed_out' } });
    await (
      await server.request()
    ).closed;
  });

  it('does not send a call that was given up before', async () => {
    const { server, call } = bench();
    server.answer((_, response) => void response.writeHead(200).end());
    const answer = await call({ signal: AbortSignal.abort() });
    expect(answer).toMatchObject({ kind: 'failure', failure: { reason: 'aborted' } });
    expect(server.requests).toHaveLength(0);
  });

  it('given up before the answer: the connection is closed within a second', async () => {
    const { server, call } = bench();
    const caller = new AbortController();
    server.answer(() => {});
    const answering = call({ signal: caller.signal });
    const request = await server.request();
    caller.abort();
    await within(1000, request.closed);
    expect(await answering).toMatchObject({
      kind: 'failure',
      failure: { reason: 'aborted' },
      usage: undefined,
    });
  });

  it('given up in mid-stream: the connection is closed within a second, and what came is charged', async () => {
    const { server, recorded, stream } = bench();
    const caller = new AbortController();
    const some = split(recorded.stream.body).slice(0, recorded.stream.leadingEvents + 1);
    server.answer((_, response) => void response.writeHead(200, SSE_TYPE).write(some.join('')));
    const chunks = opened(await stream({ signal: caller.signal }));
    await chunks.next();
    const next = chunks.next();
    caller.abort();
    await within(1000, (await server.request()).closed);
    const end = await next;
    expect(end).toMatchObject({ done: true, value: { failure: { reason: 'aborted' } } });
    expect(end.done && end.value.usage?.outputTokens).toBeGreaterThan(0);
  });

  it('chunks abandoned: the connection is closed within a second, also while one is waited for', async () => {
    const { server, recorded, stream } = bench();
    const some = split(recorded.stream.body).slice(0, recorded.stream.leadingEvents + 1);
    server.answer((_, response) => void response.writeHead(200, SSE_TYPE).write(some.join('')));
    const unread = opened(await stream());
    expect(await unread.return()).toMatchObject({ done: true, value: { failure: { reason: 'aborted' } } });
    await within(1000, (await server.request()).closed);

    server.answer((_, response) => void response.writeHead(200, SSE_TYPE).write(some.join('')));
    const waited = opened(await stream());
    await waited.next();
    const next = waited.next();
    await waited.return();
    await within(1000, (await server.request()).closed);
    expect((await next).done).toBe(true);

    server.answer((_, response) => void response.writeHead(200, SSE_TYPE).write(some.join('')));
    for await (const _ of opened(await stream())) break;
    await within(1000, (await server.request()).closed);
  });

  it('keeps a hundred calls apart', async () => {
    const { server, recorded, call } = bench();
    server.answer(({ headers }, response) => {
      const body = recorded.answer.body.replace(recorded.answer.upstreamId, String(headers['x-request-id']));
      response.writeHead(200, JSON_TYPE).end(body);
    });
    const ids = Array.from({ length: 100 }, (_, i) => `att_${i}`);
    const answers = await Promise.all(ids.map((attemptId) => call({ attemptId })));
    expect(answers.map((answer) => answer.kind === 'complete' && answer.upstreamId)).toEqual(ids);
  });
}

async function within(limitMs: number, event: Promise<void>): Promise<void> {
  let cancel = () => {};
  const late = new Promise<never>((_, reject) => {
    cancel = systemClock.after(limitMs, () => reject(new Error(`not within ${limitMs} ms`)));
  });
  await Promise.race([event, late]).finally(() => cancel());
}

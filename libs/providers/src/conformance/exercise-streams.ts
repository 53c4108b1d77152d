import type { ChunkStream, ProviderAnswer, StreamEnd } from '../provider.js';
import { SSE_TYPE, type Bench } from './bench.js';
import { flood } from './flood.js';

/** A stream as a client sees it: from the first byte to an end that tells the truth. */
export function exerciseStreams(bench: () => Bench): void {
  it('streams what the client shall see byte for byte, with its usage', async () => {
    const { server, recorded, stream } = bench();
    server.answer((_, response) => void response.writeHead(200, SSE_TYPE).end(recorded.stream.body));
    const { text, end } = await readAll(opened(await stream()));
    expect(text).toBe(recorded.stream.shown);
    expect(end).toEqual({ usage: recorded.stream.usage });
    expect((await server.request()).path).toBe(`/base${recorded.path.stream}`);
  });

  it('does so too when every byte comes alone', async () => {
    const { server, recorded, stream } = bench();
    server.answer(({ socket }, response) => {
      socket.setNoDelay(true);
      response.writeHead(200, SSE_TYPE);
      const bytes = Buffer.from(recorded.stream.body);
      const send = (at: number) => {
        if (at === bytes.length) response.end();
        else response.write(bytes.subarray(at, at + 1), () => send(at + 1));
      };
      send(0);
    });
    const { text, end } = await readAll(opened(await stream()));
    expect(text).toBe(recorded.stream.shown);
    expect(end).toEqual({ usage: recorded.stream.usage });
  });

  it('shows the first event of the answer before the second is there', async () => {
    const { server, recorded, stream } = bench();
    const events = split(recorded.stream.body);
    const first = events.slice(0, recorded.stream.leadingEvents + 1).join('');
    let finish = () => {};
    server.answer((_, response) => {
      response.writeHead(200, SSE_TYPE).write(first);
      finish = () => void response.end(recorded.stream.body.slice(first.length));
    });
    const chunks = opened(await stream());
    expect(await chunks.next()).toEqual({ done: false, value: Buffer.from(first) });
    finish();
    expect((await readAll(chunks)).end.failure).toBeUndefined();
  });

  it.each(['cut', 'reset', 'ended early', 'ended inside an event'])('%s: never a clean end', async (how) => {
    const { server, recorded, stream } = bench();
    const events = split(recorded.stream.body);
    const whole = events.slice(0, -recorded.stream.closingEvents).join('');
    const sent = how === 'ended early' ? whole : whole + events.at(-1)?.slice(0, 9);
    server.answer(({ socket }, response) => {
      response.writeHead(200, SSE_TYPE);
      if (how.startsWith('ended')) response.end(sent);
      else response.write(sent, () => void (how === 'cut' ? socket.destroy() : socket.resetAndDestroy()));
    });
    const answer = await stream();
    // A reset may overtake what was sent before it: then there was no answer at all, and it may be tried again.
    if (how === 'reset' && answer.kind === 'failure') {
      expect(answer.failure.reason).toBe('connection_failed');
      return;
    }
    const { text, end } = await readAll(opened(answer));
    expect(end.failure?.reason).toBe('stream_interrupted');
    expect(end.usage).toBeDefined();
    expect(recorded.stream.shown.startsWith(text)).toBe(true);
    expect(text.length).toBeLessThan(recorded.stream.shown.length);
    expect(text).toMatch(/\n\r?\n$/);
  });

  it('ends a stream that falls silent, and closes its connection', async () => {
    const { server, recorded, stream } = bench();
    const some = split(recorded.stream.body).slice(0, recorded.stream.leadingEvents + 1);
    server.answer((_, response) => void response.writeHead(200, SSE_TYPE).write(some.join('')));
    const { text, end } = await readAll(opened(await stream({ idleTimeoutMs: 40 })));
    expect(text).toBe(some.join(''));
    expect(end.failure?.reason).toBe('stream_interrupted');
    expect(end.usage?.source).toBeDefined();
    await (
      await server.request()
    ).closed;
  });

  it('ends at an event that is not JSON, and does not show it', async () => {
    const { server, recorded, stream } = bench();
    const events = split(recorded.stream.body);
    const good = events.slice(0, recorded.stream.leadingEvents + 1).join('');
    server.answer((_, response) => void response.writeHead(200, SSE_TYPE).end(`${good}data: {"id": tru\n\n`));
    const { text, end } = await readAll(opened(await stream()));
    expect(text).toBe(good);
    expect(end.failure?.reason).toBe('stream_interrupted');
  });

  it('ends at an error event, and does not show it', async () => {
    const { server, recorded, stream } = bench();
    const good = split(recorded.stream.body).slice(0, recorded.stream.leadingEvents + 1);
    const sent = good.join('') + recorded.stream.errorEvent.event;
    server.answer((_, response) => void response.writeHead(200, SSE_TYPE).end(sent));
    const { text, end } = await readAll(opened(await stream()));
    expect(text).toBe(good.join(''));
    expect(end.failure?.reason).toBe('stream_interrupted');
    expect(end.failure?.body).toBeUndefined();
  });

  it('takes an error event that comes before the answer for the failure it is', async () => {
    const { server, recorded, stream } = bench();
    const leading = split(recorded.stream.body).slice(0, recorded.stream.leadingEvents);
    const { event, reason } = recorded.stream.errorEvent;
    server.answer((_, response) => void response.writeHead(200, SSE_TYPE).end(leading.join('') + event));
    expect(await stream()).toMatchObject({ kind: 'failure', failure: { reason } });
  });

  it('takes a stream without an answer for a failure', async () => {
    const { server, stream } = bench();
    server.answer((_, response) => void response.writeHead(200, SSE_TYPE).end(': nothing\n\n'));
    expect(await stream()).toMatchObject({ kind: 'failure', failure: { reason: 'stream_interrupted' } });
  });

  it('reads no further than a bounded buffer while nobody reads the chunks', async () => {
    const { server, recorded, stream } = bench();
    const events = split(recorded.stream.body);
    const start = events.slice(0, recorded.stream.leadingEvents + 1).join('');
    const full = flood(server, start, `: ${'x'.repeat(64 * 1024)}\n\n`);
    const chunks = opened(await stream({ idleTimeoutMs: 50 }));
    const { acceptedBytes, finish } = await full;
    expect(acceptedBytes).toBeLessThan(16 * 1024 * 1024);
    finish(recorded.stream.body.slice(start.length));
    const { end, bytes } = await readAll(chunks);
    expect(end).toEqual({ usage: recorded.stream.usage });
    expect(bytes).toBeGreaterThan(acceptedBytes);
  });
}

export function opened(answer: ProviderAnswer): ChunkStream {
  if (answer.kind === 'stream') return answer.chunks;
  throw new Error(`was no stream: ${answer.kind === 'failure' ? answer.failure.message : answer.kind}`);
}

export async function readAll(chunks: ChunkStream): Promise<{ text: string; bytes: number; end: StreamEnd }> {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await chunks.next();
    if (done) {
      const all = Buffer.concat(pieces);
      return { text: all.toString(), bytes: all.length, end: value };
    }
    pieces.push(value);
  }
}

/** The events of a recording, whose lines end with LF. */
export function split(body: string): string[] {
  return body.split(/(?<=\n\n)/);
}

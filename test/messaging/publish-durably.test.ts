import { DiscardPolicy } from '@nats-io/jetstream';
import { openConnection, publishDurably, type Connection } from '@penstock/messaging';
import { eventually, startNatsServer, type TestNatsServer } from '@penstock/testing';

let nats: TestNatsServer;
let connection: Connection;

beforeAll(async () => {
  nats = await startNatsServer();
  connection = await openConnection({ url: nats.url, name: 'test' });
  await connection.jsm.streams.add({
    name: 'LANES',
    subjects: ['lanes.*'],
    max_msgs_per_subject: 2,
    discard: DiscardPolicy.New,
    discard_new_per_subject: true,
    allow_msg_ttl: true,
  });
});

afterAll(async () => {
  await connection.close();
  await nats.stop();
});

describe('a durable publish', () => {
  it('says where the message was stored, and that it is there already', async () => {
    const publish = () => publishDurably(connection, 'lanes.a', 'x', { messageId: 'once', ttlSeconds: 60 });
    expect(await publish()).toEqual({ kind: 'stored', stream: 'LANES', sequence: 1 });
    expect(await publish()).toEqual({ kind: 'duplicate', stream: 'LANES', sequence: 1 });
    const stored = await connection.jsm.direct.getMessage('LANES', { seq: 1 }).catch(() => undefined);
    const message = stored ?? (await connection.jsm.streams.getMessage('LANES', { seq: 1 }));
    expect(message?.header.get('Nats-TTL')).toBe('60s');
  });

  it('says when a lane is full, and when it is not the first', async () => {
    for (const kind of ['stored', 'stored', 'full']) {
      expect((await publishDurably(connection, 'lanes.b', 'x')).kind).toBe(kind);
    }
    expect((await publishDurably(connection, 'lanes.b', 'x', { first: true })).kind).toBe('conflict');
    expect((await publishDurably(connection, 'lanes.c', 'x', { first: true })).kind).toBe('stored');
  });

  it('tells thousands of acknowledgements apart', async () => {
    const publications = await Promise.all(
      Array.from({ length: 3_000 }, (_, i) => publishDurably(connection, `lanes.n${i}`, 'x')),
    );
    const sequences = publications.map(
      (publication) => publication.kind === 'stored' && publication.sequence,
    );
    expect(new Set(sequences).size).toBe(3_000);
    expect(sequences).toEqual([...sequences].sort((a, b) => Number(a) - Number(b)));
  });

  it('is unavailable where no stream takes it, and when it is too large', async () => {
    expect(await publishDurably(connection, 'nowhere', 'x')).toMatchObject({ kind: 'unavailable' });
    const large = new Uint8Array(2 * 1024 ** 2);
    expect(await publishDurably(connection, 'lanes.d', large)).toMatchObject({ kind: 'unavailable' });
  });

  it('is unavailable at once when the server is killed, and works again when it is back', async () => {
    await nats.kill();
    const lost = publishDurably(connection, 'lanes.e', 'x', { timeoutMs: 500 });
    expect(await lost).toMatchObject({ kind: 'unavailable' });
    await nats.restart();
    await eventually(async () => (await publishDurably(connection, 'lanes.f', 'x')).kind === 'stored');
  });
});

import { openConnection, type Connection } from '@penstock/messaging';
import { startNatsServer, type TestNatsServer } from '@penstock/testing';

describe('the seal of an installation', () => {
  let nats: TestNatsServer;
  let connections: Connection[];
  beforeAll(async () => {
    nats = await startNatsServer();
    connections = await Promise.all(
      ['one', 'two', 'three'].map((name) => openConnection({ url: nats.url, name })),
    );
  });
  afterAll(async () => {
    for (const connection of connections) await connection.close();
    await nats.stop();
  });

  it('is the same for all processes that start at once, and for one that comes later', async () => {
    const lane = { class: 'standard', tenant: 'acme' } as const;
    const seals = await Promise.all(connections.map(({ seals: desk }) => desk.load()));
    const late = await openConnection({ url: nats.url, name: 'late' });
    seals.push(await late.seals.load());
    const sealed = new Set(seals.map((seal) => seal.close(lane, 'text')));
    expect(sealed.size).toBe(1);
    await late.close();
  });

  it('is the one that was, on a server that has lost its store', async () => {
    const lane = { class: 'standard', tenant: 'acme' } as const;
    const sealed = connections.map(({ seals }) => seals.current?.close(lane, 'text'));
    await connections[0]?.jsm.streams.delete('KV_seals');
    const loaded = await Promise.all(connections.map(({ seals }) => seals.load()));
    expect(loaded.map((seal) => seal.close(lane, 'text'))).toEqual(sealed);
    const late = await openConnection({ url: nats.url, name: 'late' });
    expect((await late.seals.load()).close(lane, 'text')).toBe(sealed[0]);
    await late.close();
  });
});

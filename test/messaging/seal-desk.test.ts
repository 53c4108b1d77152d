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
});

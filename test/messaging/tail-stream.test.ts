import { openConnection, tailStream, type Connection } from '@penstock/messaging';
import { startNatsServer, type TestNatsServer } from '@penstock/testing';

describe('a tail of a stream', () => {
  let nats: TestNatsServer;
  let connection: Connection;
  beforeAll(async () => {
    nats = await startNatsServer();
    connection = await openConnection({ url: nats.url, name: 'tails' });
    await connection.jsm.streams.add({ name: 'TAILED', subjects: ['tailed.*'], allow_direct: true });
  });
  afterAll(async () => {
    await connection.close();
    await nats.stop();
  });

  it('passes on what is there from its place on, then what comes, and leaves nothing at the server', async () => {
    for (const body of ['1', '2', '3']) await connection.js.publish('tailed.a', body);
    const heard: string[] = [];
    const { promise: four, resolve } = Promise.withResolvers<void>();
    const options = { stream: 'TAILED', subject: 'tailed.*', fromSequence: 2 };
    const tail = await tailStream(connection, options, ({ sequence, data }) => {
      heard.push(`${sequence}:${Buffer.from(data).toString()}`);
      if (sequence === 4) resolve();
    });
    await connection.js.publish('tailed.b', '4');
    await four;
    await tail.close();
    expect(heard).toEqual(['2:2', '3:3', '4:4']);
    const { state } = await connection.jsm.streams.info('TAILED');
    expect(state.consumer_count).toBe(0);
  });
});

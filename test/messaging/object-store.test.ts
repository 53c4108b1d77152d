import { openConnection, openObjectStore } from '@penstock/messaging';
import { startNatsServer, type TestNatsServer } from '@penstock/testing';

const HOUR_MS = 3_600_000;

describe('a bucket of the object store', () => {
  let nats: TestNatsServer;
  beforeAll(async () => (nats = await startNatsServer()));
  afterAll(() => nats.stop());

  it('has the time limit that is asked for now, also if it was made with another', async () => {
    const connection = await openConnection({ url: nats.url, name: 'buckets' });
    const bytes = () => new Blob(['kept']).stream();
    const first = await openObjectStore(connection, 'answers', { ttlMs: 24 * HOUR_MS });
    await first.put('one', bytes());
    const later = await openObjectStore(connection, 'answers', { ttlMs: 48 * HOUR_MS });
    await later.put('two', bytes());
    const { config } = await connection.jsm.streams.info('OBJ_answers');
    expect(config.max_age).toBe(48 * HOUR_MS * 1e6);
    await connection.close();
  });

  it('is made anew when its server has lost it', async () => {
    const connection = await openConnection({ url: nats.url, name: 'buckets' });
    const bucket = await openObjectStore(connection, 'responses', { ttlMs: HOUR_MS });
    await bucket.put('one', new Blob(['lost']).stream());
    await connection.jsm.streams.delete('OBJ_responses');
    expect(await bucket.get('one')).toBeUndefined();
    await connection.jsm.streams.delete('OBJ_responses');
    await bucket.put('two', new Blob(['kept']).stream());
    expect(await new Response(await bucket.get('two')).text()).toBe('kept');
    await connection.close();
  });
});

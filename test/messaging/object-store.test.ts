import { openConnection, openObjectStore, type Connection } from '@penstock/messaging';
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

  it('gives what was put, in order, and leaves nothing behind at the server or here', async () => {
    const connection = await openConnection({ url: nats.url, name: 'buckets' });
    const bucket = await openObjectStore(connection, 'answers', { ttlMs: HOUR_MS });
    const bytes = Buffer.alloc(9_000_001, 'many pieces, and more than are asked for in one go');
    await bucket.put('large', new Blob([bytes]).stream());
    await bucket.put('empty', new Blob([]).stream());
    const before = subscriptionsOf(connection);
    for (let reads = 0; reads < 5; reads++) {
      expect(Buffer.concat((await bucket.get('large')) ?? []).equals(bytes)).toBe(true);
      expect(await bucket.get('empty')).toEqual([]);
    }
    expect(await bucket.get('neither')).toBeUndefined();
    const { state } = await connection.jsm.streams.info('OBJ_answers');
    expect(state.consumer_count).toBe(0);
    expect(subscriptionsOf(connection)).toBe(before);
    await connection.close();
  });

  it('gives no bytes that are not those that were put', async () => {
    const connection = await openConnection({ url: nats.url, name: 'buckets' });
    const bucket = await openObjectStore(connection, 'answers', { ttlMs: HOUR_MS });
    await bucket.put('one', new Blob(['kept']).stream());
    const info = (await connection.jsm.streams.info('OBJ_answers')).state;
    const { data } = (await connection.jsm.streams.getMessage('OBJ_answers', { seq: info.last_seq }))!;
    const { nuid } = JSON.parse(Buffer.from(data).toString()) as { readonly nuid: string };
    await connection.jsm.streams.purge('OBJ_answers', { filter: `$O.answers.C.${nuid}` });
    await connection.js.publish(`$O.answers.C.${nuid}`, 'lost');
    await expect(bucket.get('one')).rejects.toThrow('is not what was put there');
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
    expect(Buffer.concat((await bucket.get('two')) ?? []).toString()).toBe('kept');
    await connection.close();
  });
});

/** The client does not say how many it has. */
function subscriptionsOf({ nc }: Connection): number {
  return (
    nc as unknown as { readonly protocol: { readonly subscriptions: { size(): number } } }
  ).protocol.subscriptions.size();
}

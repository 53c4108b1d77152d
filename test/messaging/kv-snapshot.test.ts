import { KvSnapshot, openConnection, type Connection } from '@penstock/messaging';
import { eventually, startNatsServer, type TestNatsServer } from '@penstock/testing';

describe('KvSnapshot', () => {
  let nats: TestNatsServer;
  let connection: Connection;
  beforeAll(async () => {
    nats = await startNatsServer();
    connection = await openConnection({ url: nats.url, name: 'kv-test' });
  });
  afterAll(async () => {
    await connection.close();
    await nats.stop();
  });

  it('lets one of those who replace a value at the same time go first, and loses the change of none', async () => {
    const copies = await Promise.all([1, 2, 3].map(() => KvSnapshot.open<number>(connection, 'counted')));
    const add = (value: number | undefined) => (value ?? 0) + 1;
    const replaced = await Promise.all(
      copies.flatMap((copy) => [copy.replace('a key/with: signs', add, 50), copy.replace('b', add, 50)]),
    );
    expect(replaced).toEqual(Array(6).fill(true));
    await eventually(() =>
      copies.every((copy) => copy.get('a key/with: signs') === 3 && copy.get('b') === 3),
    );
    for (const copy of copies) copy.close();
  });

  it('says when it was outdone each time', async () => {
    const [copy, other] = await Promise.all([1, 2].map(() => KvSnapshot.open<number>(connection, 'outdone')));
    await other!.put('a', 0);
    const writes: Promise<void>[] = [];
    // Somebody else is always a little quicker.
    const change = () => {
      writes.push(other!.put('a', 1));
      return 2;
    };
    expect(await copy!.replace('a', change, 3)).toBe(false);
    await Promise.all(writes);
    expect(writes).toHaveLength(3);
    copy!.close();
    other!.close();
  });

  it('replaces what was deleted', async () => {
    const copy = await KvSnapshot.open<number>(connection, 'deleted');
    await copy.put('a', 1);
    await eventually(() => copy.get('a') === 1);
    await copy.delete('a');
    await eventually(() => copy.get('a') === undefined);
    const seen: (number | undefined)[] = [];
    await copy.replace('a', (value) => {
      seen.push(value);
      return 7;
    });
    expect([seen, copy.get('a')]).toEqual([[undefined], 7]);
    copy.close();
  });
});

import { HEADER } from '@penstock/contracts';
import { openConnection, publishDurably, tailStream, type Connection } from '@penstock/messaging';
import { eventually, startNatsServer, type TestNatsServer } from '@penstock/testing';
import { MsgHdrsImpl } from 'nats';

let nats: TestNatsServer;
let connection: Connection;

beforeAll(async () => {
  nats = await startNatsServer();
  connection = await openConnection({ url: nats.url, name: 'test' });
  await connection.jsm.streams.add({ name: 'KEPT', subjects: ['kept.*'] });
});

afterAll(async () => {
  await connection.close();
  await nats.stop();
});

describe('headers of messages that a stream has kept', () => {
  it('are read from the bytes that came, by a tail', async () => {
    await publishDurably(connection, 'kept.a', 'bare');
    await publishDurably(connection, 'kept.a', 'named', { messageId: 'Zoë-1' });
    const seen: { readonly id: string | undefined; readonly body: string; readonly byClient: boolean }[] = [];
    const tail = await tailStream(connection, { stream: 'KEPT', subject: 'kept.*' }, ({ headers, data }) =>
      seen.push({
        id: headers?.get(HEADER.messageId),
        body: Buffer.from(data).toString(),
        byClient: headers instanceof MsgHdrsImpl,
      }),
    );
    await eventually(() => seen.length === 2);
    await tail.close();
    expect(seen).toEqual([
      { id: undefined, body: 'bare', byClient: false },
      { id: 'Zoë-1', body: 'named', byClient: false },
    ]);
  });
});

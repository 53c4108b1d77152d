import { STREAM } from '@penstock/contracts';
import { ensureTopology, openConnection, type Connection } from '@penstock/messaging';
import { startNatsServer, type TestNatsServer } from '@penstock/testing';

let nats: TestNatsServer;
let connection: Connection;

beforeAll(async () => {
  nats = await startNatsServer();
  connection = await openConnection({ url: nats.url, name: 'event-desk' });
  await ensureTopology(connection);
});

afterAll(async () => {
  await connection.close();
  await nats.stop();
});

async function stored(subject: string): Promise<string[]> {
  const messages: string[] = [];
  const { state } = await connection.jsm.streams.info(STREAM.events);
  for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
    const message = await connection.jsm.streams.getMessage(STREAM.events, { seq });
    if (message?.subject === subject) messages.push(message.string());
  }
  return messages;
}

describe('ends of jobs that nobody waits for', () => {
  it('are stored together, each once and in order, those of one tenant apart from those of another', async () => {
    const tell = (tenant: string, n: number) => connection.events.tell(tenant, `${tenant} ${n}`);
    const numbers = Array.from({ length: 150 }, (_, n) => n);
    const told = await Promise.all(numbers.flatMap((n) => [tell('acme', n), tell('other', n)]));
    expect(told.every(({ kind }) => kind === 'stored')).toBe(true);

    for (const tenant of ['acme', 'other']) {
      const messages = await stored(`events.${tenant}.outcomes`);
      expect(messages.length).toBeLessThanOrEqual(3);
      expect(messages.join('\n').split('\n')).toEqual(numbers.map((n) => `${tenant} ${n}`));
    }
  });

  it('are all stored when one is told again in other company, as after a lost acknowledgement', async () => {
    const together = (...texts: string[]) =>
      Promise.all(texts.map((text) => connection.events.tell('again', text)));
    for (const told of [await together('a', 'b'), await together('a', 'c')])
      expect(told.map(({ kind }) => kind)).toEqual(['stored', 'stored']);
    expect(await stored('events.again.outcomes')).toEqual(['a\nb', 'a\nc']);
  });

  it('are not told while the server is away', async () => {
    await nats.kill();
    const { kind } = await connection.events.tell('acme', 'late');
    expect(kind).toBe('unavailable');
  });
});

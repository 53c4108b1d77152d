import { createConnection } from 'node:net';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import {
  createDatabase,
  eventually,
  startNatsServer,
  startPostgres,
  type TestNatsServer,
} from '@penstock/testing';
import { connect } from 'nats';
import pg from 'pg';

describe('startNatsServer', () => {
  let server: TestNatsServer;
  beforeAll(async () => {
    server = await startNatsServer();
  });
  afterAll(() => server.stop());

  it('keeps what was stored through SIGKILL and a restart on the same port', async () => {
    let nc = await connect({ servers: server.url });
    const manager = await jetstreamManager(nc);
    await manager.streams.add({ name: 'S', subjects: ['s.>'] });
    const ack = await jetstream(nc).publish('s.one', 'kept');
    expect(ack.seq).toBe(1);
    await nc.close();

    await server.kill();
    await expect(reachable(server.port)).resolves.toBe(false);
    await server.restart();

    nc = await connect({ servers: server.url });
    const message = await (await jetstreamManager(nc)).streams.getMessage('S', { seq: 1 });
    expect(message?.string()).toBe('kept');
    await nc.close();
  });

  it('gives every caller a server of its own', async () => {
    const other = await startNatsServer();
    const nc = await connect({ servers: other.url });
    expect(other.port).not.toBe(server.port);
    expect((await (await jetstreamManager(nc)).getAccountInfo()).streams).toBe(0);
    await nc.close();
    await other.stop();
    await expect(reachable(other.port)).resolves.toBe(false);
  });
});

describe('createDatabase', () => {
  it('gives fresh databases in one shared cluster, and drops them with their connections', async () => {
    const [one, two] = await Promise.all([createDatabase(), createDatabase()]);
    expect(one.name).not.toBe(two.name);
    expect(new URL(one.url).host).toBe(new URL(two.url).host);
    expect(new URL(one.url).host).toBe(new URL((await startPostgres()).url).host);

    const client = new pg.Client({ connectionString: one.url });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('CREATE TABLE t (id int)');
    const { rows } = await client.query<{ tables: string }>(
      `SELECT count(*) AS tables FROM pg_tables WHERE schemaname = 'public'`,
    );
    expect(rows[0]?.tables).toBe('1');

    await one.drop();
    await one.drop();
    await two.drop();
    await eventually(() =>
      client.query('SELECT 1').then(
        () => false,
        () => true,
      ),
    );
  });

  it('is durable only where durability is wanted', async () => {
    const database = await createDatabase();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    expect((await client.query<{ fsync: string }>('SHOW fsync')).rows[0]?.fsync).toBe('off');
    await client.end();
    await database.drop();
  });
});

function reachable(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

import type { Limits } from '@penstock/contracts';
import { ensureTopology, openConnection, type Connection } from '@penstock/messaging';
import { ManualClock } from '@penstock/resilience';
import { startNatsServer, type TestNatsServer } from '@penstock/testing';
import { Pool, type Credential } from '../../services/worker/src/capacity/pool.js';
import { ShareKeeper } from '../../services/worker/src/capacity/share-keeper.js';

let nats: TestNatsServer;
let connection: Connection;

beforeAll(async () => {
  nats = await startNatsServer();
  connection = await openConnection({ url: nats.url, name: 'used-shares' });
  await ensureTopology(connection);
});

afterAll(async () => {
  await connection.close();
  await nats.stop();
});

const CALL = { inputTokens: 10, outputTokens: 90 };

it.each([0, 1, 2, 3, 4, 5])(
  'a share that is used up grows to all of the limit at once, if its room is used %i turns after it is there',
  async (turns) => {
    // Nothing is renewed by time: it stands still.
    const clock = new ManualClock();
    const limits: Limits = { concurrency: 100 };
    const credential = { name: `key${turns}`, limits } as unknown as Credential;
    const { promise: full, resolve } = Promise.withResolvers<void>();
    let keeper: ShareKeeper | undefined;
    const pool = new Pool('sim/small', credential, clock, (news) => keeper?.renew(news));
    const use = async () => {
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      while (keeper && pool.room(clock.nowMs()) > 0) pool.start(CALL);
      if (pool.running === limits.concurrency) resolve();
    };
    keeper = await ShareKeeper.open({
      connection,
      clock,
      worker: 'w1',
      pools: [{ pool, abandonedMs: 1_000 }],
      wanted: () => 0,
      onChange: () => void use(),
      onError: (error) => {
        throw error;
      },
    });
    await use();
    await full;
    await keeper.leave();
  },
);

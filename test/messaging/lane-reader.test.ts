import { STREAM, type Lane } from '@penstock/contracts';
import {
  consumerName,
  ensureTopology,
  LaneReader,
  openConnection,
  type Connection,
  type JobDelivery,
} from '@penstock/messaging';
import { ManualClock } from '@penstock/resilience';
import { eventually, startNatsServer, type TestNatsServer } from '@penstock/testing';

describe('a reader of lanes', () => {
  let nats: TestNatsServer;
  let connection: Connection;
  let deliveries: JobDelivery[];
  let ended: { lane: Lane; unfilled: number }[];
  let clock: ManualClock;
  let reader: LaneReader;
  beforeAll(async () => {
    nats = await startNatsServer();
    connection = await openConnection({ url: nats.url, name: 'lane-reader-test' });
    await ensureTopology(connection);
  });
  afterAll(async () => {
    await connection.close();
    await nats.stop();
  });
  beforeEach(() => {
    deliveries = [];
    ended = [];
    clock = new ManualClock();
    reader = new LaneReader(connection, {
      clock,
      onJob: (delivery) => deliveries.push(delivery),
      onPullEnded: (lane, unfilled) => ended.push({ lane, unfilled }),
    });
  });
  afterEach(() => reader.close());

  const opened = async (tenant: string): Promise<Lane> => {
    const lane: Lane = { class: 'standard', tenant };
    await reader.ensure(lane);
    reader.pull(lane, 4);
    await eventually(
      async () => (await connection.jsm.consumers.info(STREAM.durable, consumerName(lane))).num_waiting === 1,
    );
    return lane;
  };

  it('gives up a pull that nobody ends, when its time is long over', async () => {
    const lane = await opened('overdue');
    clock.advance(34_000);
    expect(ended).toEqual([]);
    clock.advance(6_000);
    expect(ended).toEqual([{ lane, unfilled: 4 }]);
  });

  it('gives up a pull beside which jobs wait, and only such a one', async () => {
    const lane = await opened('lost');
    await reader.checkPulls(lane);
    expect(ended).toEqual([]);
    // A paused consumer is like one that has forgotten the pull: jobs wait, and none comes.
    await connection.jsm.consumers.pause(STREAM.durable, consumerName(lane), new Date(Date.now() + 60_000));
    await connection.js.publish('jobs.standard.lost', 'a job');
    await reader.checkPulls(lane);
    expect(ended).toEqual([{ lane, unfilled: 4 }]);

    await connection.jsm.consumers.resume(STREAM.durable, consumerName(lane));
    await reader.ensure(lane);
    reader.pull(lane, 4);
    await eventually(() => deliveries.length === 1);
  });

  it('gives up a pull of a consumer that is gone', async () => {
    const lane = await opened('gone');
    await connection.jsm.consumers.delete(STREAM.durable, consumerName(lane));
    await reader.checkPulls(lane);
    expect(ended).toEqual([{ lane, unfilled: 4 }]);
    await reader.ensure(lane);
    reader.pull(lane, 1);
    await connection.js.publish('jobs.standard.gone', 'a job');
    await eventually(() => deliveries.length === 1);
  });
});

import { STREAM, SUBJECT, type Lane } from '@penstock/contracts';
import {
  consumerName,
  ensureTopology,
  laneDepth,
  LaneReader,
  lease,
  openConnection,
  type Connection,
  type JobDelivery,
} from '@penstock/messaging';
import { systemClock } from '@penstock/resilience';
import { eventually, startNatsServer, type TestNatsServer } from '@penstock/testing';

const LEASE_MS = 500;

describe('the lease of a job', () => {
  let nats: TestNatsServer;
  let connection: Connection;
  let reader: LaneReader;
  let deliveries: JobDelivery[];
  beforeEach(async () => {
    nats = await startNatsServer();
    connection = await openConnection({ url: nats.url, name: 'settle-lease-test' });
    await ensureTopology(connection);
    deliveries = [];
    reader = new LaneReader(connection, {
      clock: systemClock,
      onJob: (delivery) => deliveries.push(delivery),
      onPullEnded: () => undefined,
      leaseMs: { interactive: LEASE_MS, standard: LEASE_MS, batch: LEASE_MS },
    });
  });
  afterEach(async () => {
    reader.close();
    await connection.close();
    await nats.stop();
  });

  const delivered = async (lane: Lane, jobs: number): Promise<void> => {
    const before = deliveries.length;
    for (let job = 0; job < jobs; job++) await connection.js.publish(SUBJECT.lane(lane), `job ${job}`);
    await reader.ensure(lane);
    reader.pull(lane, jobs);
    await eventually(() => deliveries.length === before + jobs);
  };

  const consumerOf = (lane: Lane) =>
    connection.jsm.consumers.info(
      lane.class === 'interactive' ? STREAM.interactive : STREAM.durable,
      consumerName(lane),
    );

  it.each(['interactive', 'standard'] as const)(
    'ends when a job of the class %s is settled, and the job is gone; those of others stay',
    async (priorityClass) => {
      const lane = { class: priorityClass, tenant: 'acme' };
      const other = { class: priorityClass, tenant: 'globex' };
      await delivered(lane, 3);
      await delivered(other, 1);
      lease.settle(connection, deliveries[1]!.ackSubject);
      await eventually(async () => (await laneDepth(connection, lane)) === 2);
      await eventually(async () => (await consumerOf(lane)).num_ack_pending === 2);
      expect(await laneDepth(connection, other)).toBe(1);
      expect((await consumerOf(other)).num_ack_pending).toBe(1);

      // The others come again when their leases have run out, and the one that was settled does not.
      const before = deliveries.length;
      reader.pull(lane, 3);
      await eventually(() => deliveries.length === before + 2);
      expect(deliveries.slice(before).map(({ body }) => Buffer.from(body).toString())).toEqual([
        'job 0',
        'job 2',
      ]);
    },
  );

  it('stays ended when the consumer of its lane is made anew', async () => {
    const lane = { class: 'standard', tenant: 'acme' } as const;
    await delivered(lane, 2);
    lease.settle(connection, deliveries[0]!.ackSubject);
    await eventually(async () => (await laneDepth(connection, lane)) === 1);
    await reader.remove(lane);
    await reader.ensure(lane);
    reader.pull(lane, 2);
    await eventually(() => deliveries.length === 3);
    expect(Buffer.from(deliveries[2]!.body).toString()).toBe('job 1');
    expect((await consumerOf(lane)).num_pending).toBe(0);
  });

  it("removes no other's job that has its number since the server lost its memory", async () => {
    const lane = { class: 'interactive', tenant: 'acme' } as const;
    const newer = { class: 'interactive', tenant: 'globex' } as const;
    await delivered(lane, 1);
    await nats.kill();
    await nats.restart();
    await eventually(() => connection.connected && connection.reconnectedAtMs > 0);
    await ensureTopology(connection);
    await delivered(newer, 1);
    const [old, current] = deliveries;
    expect(current!.sequence).toBe(old!.sequence);

    lease.settle(connection, old!.ackSubject);
    // Behind it, over the same connection: the server has looked at the first when the second is done.
    await delivered({ class: 'standard', tenant: 'acme' }, 1);
    lease.settle(connection, deliveries[2]!.ackSubject);
    await eventually(async () => (await laneDepth(connection, { class: 'standard', tenant: 'acme' })) === 0);
    expect(await laneDepth(connection, newer)).toBe(1);

    lease.settle(connection, current!.ackSubject);
    await eventually(async () => (await laneDepth(connection, newer)) === 0);
  });
});

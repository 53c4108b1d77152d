import { HEADER, SUBJECT, type Job } from '@penstock/contracts';
import {
  ensureTopology,
  laneDepth,
  LaneReader,
  lease,
  LeaseKeeper,
  openConnection,
  publishBundle,
  type BundledJob,
  type Connection,
  type JobDelivery,
} from '@penstock/messaging';
import { systemClock } from '@penstock/resilience';
import { eventually, startNatsServer, type TestNatsServer } from '@penstock/testing';
import { headers as newHeaders } from 'nats';

const LEASE_MS = 500;
const LANE = { class: 'batch', tenant: 'acme' } as const;

const job = (number: number): Job => ({
  ...LANE,
  id: `batch_1.${number}`,
  origin: 'batch',
  api: 'openai.chat',
  model: 'small',
  stream: false,
  estimatedInputTokens: number,
  estimatedOutputTokens: 0,
  acceptedAtMs: 1,
  keepResult: true,
  attempts: [],
});

const bundle = [1, 2, 3].map((number) => ({
  job: job(number),
  body: Buffer.from(`{"line":"${'é'.repeat(number)}"}`),
})) as unknown as readonly [BundledJob, ...BundledJob[]];

describe('a bundle of jobs', () => {
  let nats: TestNatsServer;
  let connection: Connection;
  let reader: LaneReader;
  let deliveries: JobDelivery[];
  let messages: number[];
  beforeEach(async () => {
    nats = await startNatsServer();
    connection = await openConnection({ url: nats.url, name: 'job-bundle-test' });
    await ensureTopology(connection);
    deliveries = [];
    messages = [];
    reader = new LaneReader(connection, {
      clock: systemClock,
      onMessage: (_, jobs) => messages.push(jobs),
      onJob: (delivery) => deliveries.push(delivery),
      onPullEnded: () => undefined,
      leaseMs: { interactive: LEASE_MS, standard: LEASE_MS, batch: LEASE_MS },
    });
    await reader.ensure(LANE);
  });
  afterEach(async () => {
    reader.close();
    await connection.close();
    await nats.stop();
  });

  const delivered = async (): Promise<readonly JobDelivery[]> => {
    const before = deliveries.length;
    reader.pull(LANE, 1);
    await eventually(() => deliveries.length > before);
    return deliveries.slice(before);
  };

  it('is one message, and comes off its lane as its jobs, each with its body', async () => {
    expect(await publishBundle(connection, bundle, 'batch_1.1-3')).toMatchObject({ kind: 'stored' });
    expect(await publishBundle(connection, bundle, 'batch_1.1-3')).toMatchObject({ kind: 'duplicate' });
    expect(await laneDepth(connection, LANE)).toBe(1);
    const came = await delivered();
    expect(came.map((one) => ({ job: one.job, body: Buffer.from(one.body) }))).toEqual(bundle);
    expect(messages).toEqual([3]);
  });

  it('is gone when all have ended, also those that end in another process', async () => {
    const other = await openConnection({ url: nats.url, name: 'job-bundle-test-worker' });
    try {
      await publishBundle(connection, bundle, 'batch_1.1-3');
      const [one, two, three] = await delivered();
      lease.settle(connection, one!.ackSubject);
      lease.settle(other, two!.ackSubject);
      lease.settle(connection, three!.ackSubject);
      await eventually(async () => (await laneDepth(connection, LANE)) === 0);
    } finally {
      await other.close();
    }
  });

  it('brings those again that have not ended when its lease runs out', async () => {
    await publishBundle(connection, bundle, 'batch_1.1-3');
    const [, two] = await delivered();
    lease.settle(connection, two!.ackSubject);
    const again = await delivered();
    expect(again.map((one) => [one.job?.id, one.deliveries])).toEqual([
      ['batch_1.1', 2],
      ['batch_1.3', 2],
    ]);
  });

  it('does not come again while one of its jobs is held, in whichever process', async () => {
    const other = await openConnection({ url: nats.url, name: 'job-bundle-test-worker' });
    const keeper = new LeaseKeeper(other, systemClock, {
      interactive: LEASE_MS,
      standard: LEASE_MS,
      batch: LEASE_MS,
    });
    try {
      await publishBundle(connection, bundle, 'batch_1.1-3');
      const [one] = await delivered();
      const heldSinceMs = systemClock.monotonicMs();
      keeper.hold(one!.ackSubject, 'batch');
      reader.pull(LANE, 1);
      await eventually(() => systemClock.monotonicMs() - heldSinceMs > 3 * LEASE_MS);
      expect(deliveries).toHaveLength(3);
      keeper.release(one!.ackSubject);
      await eventually(() => deliveries.length === 6);
    } finally {
      keeper.close();
      await other.close();
    }
  });

  it('comes again at once when all that are left are given back', async () => {
    await publishBundle(connection, bundle, 'batch_1.1-3');
    const [one, two, three] = await delivered();
    lease.giveBack(connection, one!.ackSubject);
    lease.giveBack(connection, three!.ackSubject);
    lease.settle(connection, two!.ackSubject);
    expect((await delivered()).map((again) => again.job?.id)).toEqual(['batch_1.1', 'batch_1.3']);
  });

  it('is no bundle without the seal of its lane', async () => {
    const forged = newHeaders();
    forged.set(HEADER.bundle, `${'A'.repeat(22)} {"jobs":["{}"],"bytes":[2]}`);
    await connection.js.publish(SUBJECT.lane(LANE), '{}', { headers: forged });
    const came = await delivered();
    expect(came.map((one) => one.job)).toEqual([undefined]);
  });
});

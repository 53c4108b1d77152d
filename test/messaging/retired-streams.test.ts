import { DiscardPolicy, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { HEADER, STREAM } from '@penstock/contracts';
import {
  carryRetired,
  ensureTopology,
  lease,
  openConnection,
  storedMessages,
  withdrawRetired,
  type Connection,
} from '@penstock/messaging';
import { eventually, startNatsServer, type TestNatsServer } from '@penstock/testing';
import { headers, nanos } from 'nats';

/** As the builds made them whose streams of lanes were work queues. */
const OLD = {
  retention: RetentionPolicy.Workqueue,
  discard: DiscardPolicy.New,
  discard_new_per_subject: true,
  max_msgs_per_subject: 2_000_000,
  max_consumers: 100_000,
  duplicate_window: nanos(120_000),
  allow_direct: true,
  num_replicas: 1,
  republish: { src: 'jobs.>', dest: 'bell.jobs.>', headers_only: true },
};

const LANES = ['jobs.standard.acme', 'jobs.batch.acme', 'jobs.standard.globex'] as const;
const JOBS = 600;

describe('jobs of a build that kept lanes in work queues', () => {
  let nats: TestNatsServer;
  let connection: Connection;
  beforeEach(async () => {
    nats = await startNatsServer();
    connection = await openConnection({ url: nats.url, name: 'retired-streams-test' });
    const { streams } = connection.jsm;
    await streams.add({ ...OLD, name: 'JOBS', subjects: ['jobs.standard.*', 'jobs.batch.*'] });
    const interactive = { ...OLD, name: 'JOBS_INTERACTIVE', subjects: ['jobs.interactive.*'] };
    await streams.add({ ...interactive, storage: StorageType.Memory });
  });
  afterEach(async () => {
    await connection.close();
    await nats.stop();
  });

  /** Jobs in turn over the lanes; every third has no message id. Some are under a lease. */
  const store = async (): Promise<void> => {
    await Promise.all(
      Array.from({ length: JOBS }, (_, at) => {
        const h = headers();
        h.set(HEADER.job, `words of ${at}`);
        h.append('X-Twice', 'one');
        h.append('X-Twice', 'two');
        // What was expected of the stream it was published to is no matter of the next.
        h.set('Nats-Expected-Stream', 'JOBS');
        if (at % 3 > 0) h.set(HEADER.messageId, `job_${at}`);
        return connection.js.publish(LANES[at % LANES.length]!, `body ${at}`, { headers: h });
      }),
    );
    await connection.js.publish('jobs.interactive.acme', 'somebody waits');
    const filter_subject = 'jobs.standard.acme';
    const leased = { durable_name: 'standard-acme', filter_subject, ack_policy: 'explicit' as const };
    await connection.jsm.consumers.add('JOBS', leased);
    const consumer = await connection.js.consumers.get('JOBS', 'standard-acme');
    for await (const _ of await consumer.fetch({ max_messages: 5 })) void _;
  };

  const names = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { config } of connection.jsm.streams.list()) found.push(config.name);
    return found;
  };

  const expectAllCarried = async (): Promise<void> => {
    for (const [which, lane] of LANES.entries()) {
      const expected = Array.from({ length: JOBS / LANES.length }, (_, i) => which + i * LANES.length);
      const found = await storedMessages(connection, STREAM.durable, lane, 0, JOBS);
      expect(found.map(({ body }) => Buffer.from(body).toString())).toEqual(
        expected.map((at) => `body ${at}`),
      );
      expect(found.map(({ headers: h }) => h.get(HEADER.job))).toEqual(
        expected.map((at) => `words of ${at}`),
      );
      for (const [i, { headers: h }] of found.entries()) {
        const at = expected[i]!;
        const id = h.get(HEADER.messageId);
        if (at % 3 > 0) expect(id).toBe(`job_${at}`);
        else expect(id).toMatch(/^pub_[0-9a-z]+_[0-9a-z]+$/);
        expect(h.get('X-Twice')).toBe('one');
      }
    }
    expect(await names()).not.toContain('JOBS');
    expect((await connection.jsm.streams.info(STREAM.interactive)).state.messages).toBe(1);
    expect(await names()).not.toContain('JOBS_INTERACTIVE');
  };

  it('are in their lanes afterwards, in order, with their headers and ids', async () => {
    await store();
    expect(await ensureTopology(connection)).toEqual({ leftBehind: 0 });
    await expectAllCarried();
    // A job that was in a lane is refused a second time, and taken once more from a new publisher.
    const again = headers();
    again.set(HEADER.messageId, 'job_1');
    expect((await connection.js.publish('jobs.batch.acme', '', { headers: again })).duplicate).toBe(true);
    expect(await ensureTopology(connection)).toEqual({ leftBehind: 0 });
  });

  it('are carried once by several processes that start at the same time', async () => {
    await store();
    const others = await Promise.all(['one', 'two'].map((name) => openConnection({ url: nats.url, name })));
    try {
      await Promise.all([connection, ...others].map((one) => ensureTopology(one)));
      await expectAllCarried();
    } finally {
      for (const other of others) await other.close();
    }
  });

  it('are all there when the one that carries them loses its connection again and again', async () => {
    await store();
    for (let tries = 0; ; tries++) {
      const victim = await openConnection({ url: nats.url, name: 'victim' });
      let carried = 0;
      const counted: Connection = Object.create(victim, {
        acks: {
          value: {
            // Dies before, within and after the publish of a job and its removal, further on each time.
            publish: async (...args: Parameters<Connection['acks']['publish']>) => {
              const ack = victim.acks.publish(...args);
              if (++carried > 50 + 37 * tries) void victim.nc.close().then(() => victim.acks.close());
              return ack;
            },
          },
        },
      }) as Connection;
      const done = await ensureTopology(counted).then(
        ({ leftBehind }) => leftBehind === 0,
        () => false,
      );
      await victim.close();
      if (done) break;
      expect(tries).toBeLessThan(40);
    }
    await expectAllCarried();
  });

  it('wait where they are while their lane is full, and come when it has room', async () => {
    await store();
    expect(await withdrawRetired(connection)).toEqual(['JOBS_INTERACTIVE', 'JOBS']);
    await expect(connection.js.publish('jobs.standard.acme', 'too early')).rejects.toThrow();
    const { leftBehind } = await ensureTopology(connection, { maxLaneDepth: 10 });
    expect(leftBehind).toBe(JOBS - 10 * LANES.length);
    expect((await connection.jsm.streams.info('JOBS')).state.messages).toBe(leftBehind);
    await connection.jsm.streams.purge(STREAM.durable);
    expect(await carryRetired(connection, 'JOBS')).toBe(leftBehind - 10 * LANES.length);
  });

  it("leaves a stream alone that has the name and is somebody else's", async () => {
    await connection.jsm.streams.delete('JOBS');
    await connection.jsm.streams.add({ name: 'JOBS', subjects: ['orders.>'] });
    await connection.js.publish('orders.one', 'not ours');
    await ensureTopology(connection);
    expect((await connection.jsm.streams.info('JOBS')).state.messages).toBe(1);
  });

  it('are not harmed by a lease that a process holds from before', async () => {
    await store();
    const consumer = await connection.js.consumers.get('JOBS', 'standard-acme');
    const held = await consumer.next({ expires: 2_000 });
    const ackSubject = (held as unknown as { msg: { reply: string } }).msg.reply;
    expect(ackSubject).toMatch(/^\$JS\.ACK\.JOBS\./);
    await ensureTopology(connection);
    lease.settle(connection, ackSubject);
    await connection.nc.flush();
    await eventually(async () => !(await names()).includes('JOBS'));
    await expectAllCarried();
  });
});

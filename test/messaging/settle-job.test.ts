import { STREAM, SUBJECT, type Job, type JobEvent, type Lane } from '@penstock/contracts';
import {
  decodeFrame,
  ensureTopology,
  findOutcome,
  laneDepth,
  LaneReader,
  listen,
  openConnection,
  publishDurably,
  publishJob,
  settleJob,
  type Answer,
  type Connection,
  type Frame,
  type JobDelivery,
  type Settlement,
} from '@penstock/messaging';
import { ManualClock, systemClock, type Clock } from '@penstock/resilience';
import { eventually, startNatsServer, type TestNatsServer } from '@penstock/testing';

const ROOM_BYTES = 100_000;

const ANSWER: Answer = {
  outcome: 'succeeded',
  status: 200,
  contentType: 'application/json',
  body: Buffer.from('{"answer":42}'),
};

/** In the order of a settlement: what it has done so far is seen from outside. */
interface Traces {
  readonly result: boolean;
  readonly events: number;
  readonly frames: number;
  readonly inLane: number;
}

describe('a settlement while EVENTS is full', () => {
  let nats: TestNatsServer;
  let connection: Connection;
  let reader: LaneReader;
  let deliveries: JobDelivery[];
  let frames: Frame[];
  beforeAll(async () => {
    nats = await startNatsServer();
    connection = await openConnection({ url: nats.url, name: 'settle-test' });
    await ensureTopology(connection);
    deliveries = [];
    reader = new LaneReader(connection, {
      clock: systemClock,
      onJob: (delivery) => deliveries.push(delivery),
      onPullEnded: () => undefined,
    });
  });
  afterAll(async () => {
    reader.close();
    await connection.close();
    await nats.stop();
  });
  beforeEach(async () => {
    deliveries.length = 0;
    frames = [];
    await fill();
  });

  const limitTo = async (maxBytes: number) => {
    const { config } = await connection.jsm.streams.info(STREAM.events);
    await connection.jsm.streams.update(STREAM.events, { ...config, max_bytes: maxBytes });
  };
  /** Until not even an event without a word in it fits. */
  const fill = async () => {
    await connection.jsm.streams.purge(STREAM.events);
    await limitTo(ROOM_BYTES);
    for (const size of [ROOM_BYTES / 10, ROOM_BYTES / 100, 1]) {
      const filler = 'x'.repeat(size);
      while ((await publishDurably(connection, 'events.filler.none.0', filler)).kind === 'stored');
    }
  };

  /** A job off its lane, with what its worker would end it by. */
  const held = async (id: string, more: Partial<Job>): Promise<Settlement> => {
    const job: Job = {
      id,
      tenant: id,
      class: 'standard',
      origin: 'http',
      api: 'openai.chat',
      model: 'small',
      stream: false,
      estimatedInputTokens: 10,
      estimatedOutputTokens: 10,
      acceptedAtMs: 1,
      keepResult: true,
      attempts: [],
      ...more,
    };
    if (job.replySubject !== undefined) {
      listen(connection, job.replySubject, (message) => {
        const frame = decodeFrame(message);
        if (frame) frames.push(frame);
      });
    }
    const lane: Lane = { class: job.class, tenant: job.tenant };
    expect((await publishJob(connection, job, Buffer.from('{}'))).kind).toBe('stored');
    await reader.ensure(lane);
    reader.pull(lane, 1);
    const delivery = await eventually(() => Promise.resolve(deliveries[0]));
    const attempt = {
      id: `att_${id}`,
      number: 1,
      deployment: 'test',
      provider: 'test',
      upstreamModel: 'test',
      worker: 'test',
      startedAtMs: 1,
      endedAtMs: 2,
    };
    const { tenant, origin, api, model, acceptedAtMs } = job;
    const event: JobEvent = {
      version: 1,
      job: id,
      ...{ tenant, class: job.class, origin, api, model, acceptedAtMs, attempt },
      atMs: 2,
      outcome: { state: 'succeeded', attempts: 1 },
    };
    return { job, ackSubject: delivery.ackSubject, answer: ANSWER, event, frameSequence: 0 };
  };

  const traces = async ({ job }: Settlement): Promise<Traces> => {
    const found = await findOutcome(connection, job.tenant, job.id);
    const { state } = await connection.jsm.streams.info(STREAM.events, { subjects_filter: '>' });
    const mine = [SUBJECT.event(job.tenant, 'outcome', job.id), SUBJECT.outcomes(job.tenant)];
    return {
      result: found.kind === 'result',
      events: mine.reduce((sum, subject) => sum + (state.subjects?.[subject] ?? 0), 0),
      frames: frames.length,
      inLane: await laneDepth(connection, job),
    };
  };

  /** The system's, which is told how often somebody waited on it. */
  const counted = () => {
    let waits = 0;
    const clock: Clock = {
      nowMs: () => systemClock.nowMs(),
      monotonicMs: () => systemClock.monotonicMs(),
      every: (periodMs, task) => systemClock.every(periodMs, task),
      after: (delayMs, task) => (waits++, systemClock.after(delayMs, task)),
    };
    return { clock, waits: () => waits };
  };

  it.each([
    ['waits', { replySubject: 'reply.test.waits' }, 1],
    ['line', { class: 'batch' }, 0],
  ] as const)('keeps the lease, says nothing, and goes on when there is room: %s', async (id, more, told) => {
    const settlement = await held(id, more);
    const { clock, waits } = counted();
    const settling = settleJob(connection, clock, settlement);
    await eventually(() => Promise.resolve(waits() >= 3), { what: 'a third try' });
    expect(await traces(settlement)).toEqual({ result: true, events: 0, frames: 0, inLane: 1 });

    await limitTo(2 * ROOM_BYTES);
    expect(await settling).toBe('settled');
    await eventually(async () => (await laneDepth(connection, settlement.job)) === 0);
    expect(await traces(settlement)).toEqual({ result: true, events: 1, frames: told, inLane: 0 });
  });

  it('gives up after two minutes and leaves the lease to run out, so that the job comes again', async () => {
    const settlement = await held('gives-up', { replySubject: 'reply.test.gives-up' });
    const clock = new ManualClock();
    let settled: string | undefined;
    void settleJob(connection, clock, settlement).then((how) => (settled = how));
    await eventually(() => {
      if (clock.waiting > 0) clock.advance(2_000);
      return Promise.resolve(settled);
    });
    expect(settled).toBe('not_stored');
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(120_000);
    expect(await traces(settlement)).toEqual({ result: true, events: 0, frames: 0, inLane: 1 });
  });
});

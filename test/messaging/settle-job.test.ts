import { STREAM, SUBJECT } from '@penstock/contracts';
import {
  findOutcome,
  laneDepth,
  publishDurably,
  settleJob,
  type Connection,
  type Settlement,
} from '@penstock/messaging';
import { ManualClock, systemClock, type Clock } from '@penstock/resilience';
import { eventually } from '@penstock/testing';
import { HeldJobs } from './held-jobs.js';

const ROOM_BYTES = 100_000;

/** In the order of a settlement: what it has done so far is seen from outside. */
interface Traces {
  readonly result: boolean;
  readonly events: number;
  readonly frames: number;
  readonly inLane: number;
}

describe('a settlement while EVENTS is full', () => {
  let connection: Connection;
  let desk: HeldJobs;
  beforeAll(async () => {
    desk = await HeldJobs.start();
    ({ connection } = desk);
  });
  afterAll(() => desk.close());
  beforeEach(() => fill());

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

  const traces = async ({ job }: Settlement): Promise<Traces> => {
    const found = await findOutcome(connection, job.tenant, job.id);
    const { state } = await connection.jsm.streams.info(STREAM.events, { subjects_filter: '>' });
    const mine = [SUBJECT.event(job.tenant, 'outcome', job.id), SUBJECT.outcomes(job.tenant)];
    return {
      result: found.kind === 'result',
      events: mine.reduce((sum, subject) => sum + (state.subjects?.[subject] ?? 0), 0),
      frames: desk.frames.length,
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
    const settlement = await desk.hold(id, more);
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
    const settlement = await desk.hold('gives-up', { replySubject: 'reply.test.gives-up' });
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

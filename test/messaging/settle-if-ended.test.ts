import { laneDepth, settleIfEnded, tell, type Connection } from '@penstock/messaging';
import { systemClock } from '@penstock/resilience';
import { eventually } from '@penstock/testing';
import { HeldJobs } from './held-jobs.js';

describe('a job that is delivered again between its event and its last frame', () => {
  let connection: Connection;
  let desk: HeldJobs;
  beforeAll(async () => {
    desk = await HeldJobs.start();
    ({ connection } = desk);
  });
  afterAll(() => desk.close());

  const look = (held: Awaited<ReturnType<HeldJobs['hold']>>, holderLives: boolean) =>
    settleIfEnded(connection, systemClock, held, () => Promise.resolve(holderLives));

  it('is left to its holder while that may live, and its answer is called lost only then', async () => {
    const held = await desk.hold('busy', { keepResult: false, replySubject: 'reply.test.busy' });
    expect(await look(held, true)).toBe('no');
    expect(await tell(connection, systemClock, held.event)).toBe(true);

    expect(await look(held, true)).toBe('at_its_holder');
    await connection.nc.flush();
    expect(desk.frames).toEqual([]);
    expect(await laneDepth(connection, held.job)).toBe(1);

    expect(await look(held, false)).toBe('settled');
    await eventually(async () => (await laneDepth(connection, held.job)) === 0);
    expect(desk.frames).toMatchObject([{ kind: 'outcome', answer: { errorCode: 'internal_error' } }]);
  });

  it('is settled at once where nobody waits', async () => {
    const held = await desk.hold('unawaited', { keepResult: false });
    await tell(connection, systemClock, held.event);
    expect(await look(held, true)).toBe('settled');
    await eventually(async () => (await laneDepth(connection, held.job)) === 0);
  });
});

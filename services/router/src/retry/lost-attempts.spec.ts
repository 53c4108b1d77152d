import type { AttemptRecord, Job, RunningRecord } from '@penstock/contracts';
import { ManualClock } from '@penstock/resilience';
import { LostAttempts } from './lost-attempts.js';

const job = { tenant: 'acme', id: 'job_1', attempts: [] } as unknown as Job;
const earlier = { id: 'att_0' } as AttemptRecord;

const record = (more: Partial<RunningRecord> = {}): RunningRecord => ({
  ...{ tenant: 'acme', job: 'job_1', attemptId: 'att_1', deployment: 'd', startedAtMs: 10 },
  ...more,
});

function lostAttempts(
  read: () => Promise<ReadonlyMap<string, readonly RunningRecord[]>>,
  alive: readonly string[] = [],
) {
  const clock = new ManualClock();
  const startedAtMs = clock.nowMs();
  const lost = new LostAttempts({
    clock,
    dispatched: { takeLost: () => undefined },
    credits: { isAlive: (worker) => alive.includes(worker) },
    readRecords: read,
    listeningSinceMs: () => startedAtMs,
  });
  return { clock, lost };
}

/** As a router sees it that has listened long enough to know who is dead. */
const onRecord = (workers: Record<string, RunningRecord[]>, alive?: string[]) => {
  const { clock, lost } = lostAttempts(() => Promise.resolve(new Map(Object.entries(workers))), alive);
  clock.advance(3_501);
  return lost;
};

describe('the attempt that a job was lost in', () => {
  it('is the one its dead worker had on record, with those before it', async () => {
    const lost = onRecord({ w: [record({ history: [earlier], hedgedOn: 'e' })] });
    expect(await lost.take(job)).toEqual({
      history: [earlier],
      attemptId: 'att_1',
      deployment: 'd',
      worker: 'w',
      dispatchedAtMs: 10,
      hedgedOn: 'e',
    });
  });

  it('is the last of several', async () => {
    const workers = { v: [record({ attemptId: 'att_2', startedAtMs: 20 })], w: [record()] };
    expect(await onRecord(workers).take(job)).toMatchObject({ attemptId: 'att_2', worker: 'v' });
  });

  it('is none of a worker that lives, of another job or tenant, or that the job itself tells of', async () => {
    expect(await onRecord({ w: [record()] }, ['w']).take(job)).toBeUndefined();
    expect(
      await onRecord({ w: [record({ job: 'job_2' }), record({ tenant: 'globex' })] }).take(job),
    ).toBeUndefined();
    const told = { ...job, attempts: [{ id: 'att_1' }] } as unknown as Job;
    expect(await onRecord({ w: [record()] }).take(told)).toBeUndefined();
  });

  it('is not known while its worker lives, or may: the job may be running still', async () => {
    const { clock, lost } = lostAttempts(() => Promise.resolve(new Map([['w', [record()]]])));
    expect([await lost.mayRun(job), await lost.take(job)]).toEqual([true, undefined]);
    clock.advance(3_501);
    expect([await lost.mayRun(job), (await lost.take(job))?.attemptId]).toEqual([false, 'att_1']);
    expect(await onRecord({ w: [record()] }, ['w']).mayRun(job)).toBe(true);
    expect(await onRecord({ w: [record({ job: 'job_2' })] }, ['w']).mayRun(job)).toBe(false);
  });

  it('is read once for all jobs of a second, and again when it could not be read', async () => {
    let reads = 0;
    const { clock, lost } = lostAttempts(() =>
      ++reads === 1 ? Promise.reject(new Error('no server')) : Promise.resolve(new Map()),
    );
    await expect(lost.take(job)).rejects.toThrow('no server');
    await Promise.all([lost.take(job), lost.take(job)]);
    expect(reads).toBe(2);
    clock.advance(1_001);
    await lost.take(job);
    expect(reads).toBe(3);
  });
});

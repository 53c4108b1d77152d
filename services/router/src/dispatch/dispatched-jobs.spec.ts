import type { Job } from '@penstock/contracts';
import type { Dispatch } from '@penstock/messaging';
import { DispatchedJobs } from './dispatched-jobs.js';

const charge = {
  job: { cost: 1, runsOn: ['d'] },
  charged: { class: 'standard', tenant: 'acme' },
  account: 0,
} as const;
const job = { tenant: 'acme', id: 'job_1', attempts: [] } as unknown as Job;

function dispatch(attemptId: string, dispatchedAtMs: number, number = 1): Dispatch {
  return {
    job,
    attemptId,
    dispatchedAtMs,
    number,
    body: new Uint8Array(),
    deployment: 'd',
  } as unknown as Dispatch;
}

describe('what a router remembers of its dispatches', () => {
  it('is the attempt that a worker ran when it fell silent', () => {
    const dispatched = new DispatchedJobs();
    dispatched.sent('w', dispatch('att_1', 0), charge);
    dispatched.heard({ worker: 'w', running: ['att_1'] }, 1, 5_000);
    expect(dispatched.mayRun(job, 6_000)).toBe(true);
    expect(dispatched.mayRun(job, 9_000)).toBe(false);
    expect(dispatched.takeLost(job)).toMatchObject({ attemptId: 'att_1', worker: 'w' });
    expect(dispatched.takeLost(job)).toBeUndefined();
  });

  it('is what is to be written down of a worker that is silent, until it is heard again', () => {
    const dispatched = new DispatchedJobs();
    const record = { tenant: 'acme', job: 'job_1', attemptId: 'att_1', deployment: 'd', startedAtMs: 900 };
    dispatched.heard({ worker: 'w', running: [] }, 0, 1_000);
    dispatched.sent('w', dispatch('att_1', 900), charge);
    dispatched.sent('never heard', dispatch('att_2', 900), charge);
    expect(dispatched.ofSilent(1_500, 2_500)).toEqual(new Map());
    expect(dispatched.ofSilent(1_500, 2_501)).toEqual(new Map([['w', [record]]]));
    dispatched.heard({ worker: 'w', running: ['att_1'] }, 1, 2_600);
    expect(dispatched.ofSilent(1_500, 2_700)).toEqual(new Map());
  });

  it('is also where a second attempt ran beside it, for as long as it did', () => {
    const dispatched = new DispatchedJobs();
    const hedges = [{ hedges: 'att_1', deployment: 'e' }];
    dispatched.sent('w', dispatch('att_1', 0), charge);
    dispatched.heard({ worker: 'w', running: ['att_1'], hedges }, 1, 1_000);
    expect(dispatched.find(job, 'att_1')).toMatchObject({ hedgedOn: 'e' });
    dispatched.heard({ worker: 'w', running: ['att_1'] }, 1, 2_000);
    expect(dispatched.find(job, 'att_1')).not.toHaveProperty('hedgedOn');
    dispatched.heard({ worker: 'w', running: ['att_1'], hedges }, 1, 3_000);
    expect(dispatched.takeLost(job)).toMatchObject({ attemptId: 'att_1', hedgedOn: 'e' });
  });

  it('is forgotten when the worker no longer names it, or has handed it back', () => {
    const dispatched = new DispatchedJobs();
    dispatched.sent('w', dispatch('att_1', 0), charge);
    dispatched.heard({ worker: 'w', running: [] }, 0, 1_000);
    expect(dispatched.mayRun(job, 1_000)).toBe(true);
    dispatched.heard({ worker: 'w', running: [] }, 1, 2_500);
    expect(dispatched.takeLost(job)).toBeUndefined();

    dispatched.sent('w', dispatch('att_2', 3_000), charge);
    dispatched.ended(job);
    expect(dispatched.takeLost(job)).toBeUndefined();
  });

  it('is kept while its worker has not read it, however late that is, unless it must be lost', () => {
    const dispatched = new DispatchedJobs();
    expect([dispatched.nextNumber('w'), dispatched.nextNumber('w'), dispatched.nextNumber('v')]).toEqual([
      1, 2, 1,
    ]);
    dispatched.sent('w', dispatch('att_2', 0, 2), charge);
    dispatched.heard({ worker: 'w', running: ['att_1'] }, 1, 9_000);
    expect(dispatched.takeLost(job)).toMatchObject({ attemptId: 'att_2' });
    dispatched.sent('w', dispatch('att_3', 10_000, 3), charge);
    dispatched.heard({ worker: 'w', running: [] }, 1, 41_000);
    expect(dispatched.takeLost(job)).toBeUndefined();
  });

  it('is kept for two seconds where its worker does not say how far it has read', () => {
    const dispatched = new DispatchedJobs();
    dispatched.sent('w', dispatch('att_1', 0), charge);
    dispatched.heard({ worker: 'w', running: [] }, undefined, 1_900);
    expect(dispatched.mayRun(job, 1_900)).toBe(true);
    dispatched.heard({ worker: 'w', running: [] }, undefined, 2_100);
    expect(dispatched.mayRun(job, 2_100)).toBe(false);
  });

  it('is no attempt when the worker had fallen silent before', () => {
    const dispatched = new DispatchedJobs();
    dispatched.heard({ worker: 'w', running: [] }, 0, 0);
    dispatched.sent('w', dispatch('att_1', 3_000), charge);
    expect(dispatched.takeLost(job)).toBeUndefined();
  });
});

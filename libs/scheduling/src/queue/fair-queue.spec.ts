import type { PriorityClass } from '@penstock/contracts';
import { makeAttempt } from '../specimen/make-job.js';
import { makeQueued as queued } from '../specimen/make-queued.js';
import { FairQueue } from './fair-queue.js';
import type { QueuedJob } from './queued-job.js';

const anywhere = () => 'd1';

function drain(queue: FairQueue, count = Infinity, nowMs = 0): QueuedJob[] {
  const taken: QueuedJob[] = [];
  while (taken.length < count) {
    const turn = queue.next(anywhere, nowMs);
    if (!turn) break;
    taken.push(turn.job);
  }
  return taken;
}

const tenantsOf = (jobs: QueuedJob[]) => jobs.map(({ job }) => job.tenant).join('');

describe('FairQueue', () => {
  it('serves classes in strict order while the lower ones have nothing owed to them', () => {
    const queue = new FairQueue({ reserve: { standard: 0, batch: 0 } });
    for (const priorityClass of ['batch', 'standard', 'interactive', 'batch', 'interactive'] as const) {
      queue.offer(queued('a', priorityClass));
    }
    expect(drain(queue).map(({ job }) => job.class)).toEqual([
      'interactive',
      'interactive',
      'standard',
      'batch',
      'batch',
    ]);
  });

  it('gives each lower class its reserve out of a flood of more urgent work', () => {
    const queue = new FairQueue();
    for (let i = 0; i < 2_000; i++) {
      for (const priorityClass of ['interactive', 'standard', 'batch'] as const) {
        queue.offer(queued('a', priorityClass));
      }
    }
    const taken = drain(queue, 1_000).map(({ job }) => job.class);
    const count = (priorityClass: PriorityClass) => taken.filter((one) => one === priorityClass).length;
    expect(count('standard')).toBeGreaterThanOrEqual(49);
    expect(count('batch')).toBeGreaterThanOrEqual(49);
    expect(count('interactive')).toBeGreaterThanOrEqual(880);
  });

  it('takes turns between tenants, by weight, whatever they have queued', () => {
    const queue = new FairQueue({ weightOf: (tenant) => (tenant === 'a' ? 2 : 1) });
    for (let i = 0; i < 50; i++) queue.offer(queued('a', 'standard'));
    for (let i = 0; i < 5; i++) queue.offer(queued('b', 'standard'));
    const taken = tenantsOf(drain(queue, 12));
    expect(taken.replaceAll('a', '')).toHaveLength(4);
  });

  it('counts cost, not jobs', () => {
    const queue = new FairQueue();
    for (let i = 0; i < 20; i++) queue.offer(queued('a', 'standard', { cost: 4 }));
    for (let i = 0; i < 20; i++) queue.offer(queued('b', 'standard', { cost: 1 }));
    const taken = tenantsOf(drain(queue, 15));
    expect(taken.replaceAll('a', '')).toHaveLength(12);
  });

  it('lets a tenant that comes late start at once, and owes it nothing for the time before', () => {
    const queue = new FairQueue();
    for (let i = 0; i < 100; i++) queue.offer(queued('a', 'standard'));
    drain(queue, 50);
    for (let i = 0; i < 10; i++) queue.offer(queued('b', 'standard'));
    expect(['ba', 'ab']).toContain(tenantsOf(drain(queue, 2)));
    expect(tenantsOf(drain(queue, 10)).replaceAll('a', '')).toHaveLength(5);
  });

  it('charges a tenant afterwards for what it used beyond the estimate', () => {
    const queue = new FairQueue();
    for (let i = 0; i < 20; i++) for (const tenant of ['a', 'b']) queue.offer(queued(tenant, 'standard'));
    const first = queue.next(anywhere, 0)!;
    queue.correct(first, 6);
    const others = drain(queue, 8).filter(({ job }) => job.tenant !== first.job.job.tenant);
    expect(others).toHaveLength(7);
  });

  it('gives a tenant back at once what it was charged too much', () => {
    const queue = new FairQueue();
    for (let i = 0; i < 20; i++) queue.offer(queued('a', 'standard', { cost: 50 }));
    for (let i = 0; i < 20; i++) queue.offer(queued('b', 'standard'));
    const taken = Array.from({ length: 20 }, () => {
      const turn = queue.next(anywhere, 0)!;
      queue.correct(turn, 1);
      return turn.job;
    });
    expect(tenantsOf(taken).replaceAll('a', '')).toHaveLength(10);
  });

  it('gives nothing back of an account that was closed since: what stood on it was forgiven', () => {
    const queue = new FairQueue();
    queue.offer(queued('a', 'standard', { cost: 1_000 }));
    // The queue is empty, so all begin anew.
    const first = queue.next(anywhere, 0)!;
    for (let i = 0; i < 20; i++) for (const tenant of ['a', 'b']) queue.offer(queued(tenant, 'standard'));
    queue.correct(first, 1);
    expect(tenantsOf(drain(queue, 20)).replaceAll('a', '')).toHaveLength(10);
  });

  it('takes the earliest deadline of a tenant first, then the order of arrival', () => {
    const queue = new FairQueue();
    queue.offer(queued('a', 'batch', { id: 'none-1' }));
    queue.offer(queued('a', 'batch', { id: 'late', deadlineMs: 9_000 }));
    queue.offer(queued('a', 'batch', { id: 'soon', deadlineMs: 5_000 }));
    queue.offer(queued('a', 'batch', { id: 'none-2' }));
    expect(drain(queue).map(({ job }) => job.id)).toEqual(['soon', 'late', 'none-1', 'none-2']);
  });

  it('promotes a job about to be late, and gives up one that is', () => {
    const queue = new FairQueue({ promotionFactor: 3 });
    for (let i = 0; i < 5; i++) queue.offer(queued('b', 'interactive'));
    queue.offer(queued('a', 'batch', { id: 'near', deadlineMs: 10_000, expectedMs: 1_000 }));
    queue.offer(queued('a', 'batch', { id: 'past', deadlineMs: 7_000, expectedMs: 1_000 }));
    expect(queue.next(anywhere, 0)?.job.job.class).toBe('interactive');
    const turns = [queue.next(anywhere, 7_000), queue.next(anywhere, 7_000)];
    const promoted = turns.find((turn) => turn?.promoted);
    expect(promoted?.job.job.id).toBe('near');
    expect(promoted?.charged).toEqual({ class: 'interactive', tenant: 'a' });
    expect(queue.takeExpired(7_000).map(({ job }) => job.id)).toEqual(['past']);
  });

  it('prefers what can still be in time to what cannot', () => {
    const queue = new FairQueue();
    queue.offer(queued('a', 'interactive', { id: 'hopeless', deadlineMs: 1_500, expectedMs: 1_000 }));
    queue.offer(queued('a', 'interactive', { id: 'just', deadlineMs: 1_600, expectedMs: 1_000 }));
    queue.offer(queued('a', 'interactive', { id: 'easy', deadlineMs: 9_000, expectedMs: 1_000 }));
    expect(drain(queue, 3, 600).map(({ job }) => job.id)).toEqual(['just', 'easy', 'hopeless']);
  });

  it('puts a job that was tried behind those of its lane that were not', () => {
    const queue = new FairQueue();
    const tried = queued('a', 'batch', { id: 'tried' });
    queue.offer({
      ...tried,
      job: { ...tried.job, acceptedAtMs: 0, attempts: [makeAttempt(1, 'd1', 'timed_out')] },
    });
    queue.offer(queued('a', 'batch', { id: 'fresh-1', acceptedAtMs: 5 }));
    const again = drain(queue, 1)[0]!;
    expect(again.job.id).toBe('tried');
    queue.offer(queued('a', 'batch', { id: 'fresh-2', acceptedAtMs: 9 }));
    queue.offer(again);
    expect(drain(queue).map(({ job }) => job.id)).toEqual(['fresh-1', 'fresh-2', 'tried']);
  });

  it('does not let work without room hold up work with room, nor asks about it again', () => {
    const queue = new FairQueue();
    for (let i = 0; i < 100; i++) {
      queue.offer(queued(`t${i}`, 'interactive', { runsOn: ['full', 'also-full'] }));
    }
    queue.offer(queued('a', 'batch', { runsOn: ['free'], id: 'lucky' }));
    let asked = 0;
    const room = new Set(['free']);
    const canRun = (job: QueuedJob) => {
      asked++;
      return job.runsOn.find((deployment) => room.has(deployment));
    };
    expect(queue.next(canRun, 0)?.job.job.id).toBe('lucky');
    expect(asked).toBe(2);
    expect(queue.next(canRun, 0)).toBeUndefined();
    expect(asked).toBe(2);
    room.add('also-full');
    queue.open('also-full');
    expect(queue.next(canRun, 0)?.pick).toBe('also-full');
  });

  it('refuses a job that is already there, and forgets one that is removed', () => {
    const queue = new FairQueue();
    expect(queue.offer(queued('a', 'batch', { id: 'x' }))).toBe(true);
    expect(queue.offer(queued('a', 'batch', { id: 'x' }))).toBe(false);
    expect(queue.remove({ class: 'batch', tenant: 'a' }, 'x')?.job.id).toBe('x');
    expect(queue.remove({ class: 'batch', tenant: 'a' }, 'x')).toBeUndefined();
    expect(queue.next(anywhere, 0)).toBeUndefined();
    expect(queue.size).toBe(0);
  });

  it('keeps jobs of different lanes apart that have the same id', () => {
    const queue = new FairQueue();
    for (const tenant of ['a', 'b', 'c'])
      expect(queue.offer(queued(tenant, 'batch', { id: 'x' }))).toBe(true);
    expect(queue.offer(queued('a', 'standard', { id: 'x' }))).toBe(true);
    expect(queue.remove({ class: 'batch', tenant: 'b' }, 'x')?.job.tenant).toBe('b');
    expect(queue.remove({ class: 'batch', tenant: 'b' }, 'x')).toBeUndefined();
    expect([...queue.jobs('batch')].map(({ job }) => job.tenant).toSorted()).toEqual(['a', 'c']);
    expect(queue.remove({ class: 'standard', tenant: 'a' }, 'x')?.job.class).toBe('standard');
    expect(tenantsOf(drain(queue))).toBe('ac');
  });

  it('tells where a job stands', () => {
    const queue = new FairQueue();
    for (let i = 0; i < 10; i++) queue.offer(queued('a', 'batch', { id: `a${i}` }));
    queue.setPending({ class: 'batch', tenant: 'a' }, 90);
    for (let i = 0; i < 3; i++) queue.offer(queued('b', 'batch', { id: `b${i}` }));
    queue.offer(queued('c', 'interactive'));
    expect(queue.position({ class: 'batch', tenant: 'a' }, 'a0')).toEqual({ aheadInLane: 0, ahead: 1 });
    expect(queue.position({ class: 'batch', tenant: 'b' }, 'b2')).toEqual({ aheadInLane: 2, ahead: 5 });
    expect(queue.position({ class: 'batch', tenant: 'a' })).toEqual({ aheadInLane: 100, ahead: 104 });
    expect(queue.position({ class: 'batch', tenant: 'd' })).toEqual({ aheadInLane: 0, ahead: 1 });
    expect(queue.position({ class: 'batch', tenant: 'a' }, 'nowhere')).toBeUndefined();
  });

  it('counts what waits for each deployment', () => {
    const queue = new FairQueue();
    queue.offer(queued('a', 'batch', { runsOn: ['d1', 'd2'] }));
    queue.offer(queued('a', 'interactive', { runsOn: ['d2'] }));
    expect(queue.wanted()).toEqual({ d1: 1, d2: 2 });
  });
});

import { PRIORITY_CLASSES, type PriorityClass } from '@penstock/contracts';
import * as fc from 'fast-check';
import { makeQueued } from '../specimen/make-queued.js';
import { FairQueue, type Turn } from './fair-queue.js';
import type { QueuedJob } from './queued-job.js';

const DEPLOYMENTS = ['d1', 'd2', 'd3'];
const TENANTS = ['a', 'b', 'c', 'd', 'e'];

const anywhere = (job: QueuedJob) => job.runsOn[0];
const classes = fc.constantFrom(...PRIORITY_CLASSES);
const tenants = fc.constantFrom(...TENANTS);
const runsOn = fc.uniqueArray(fc.constantFrom(...DEPLOYMENTS), { minLength: 1 });
const costs = fc.integer({ min: 1, max: 50 });

/** What can happen to a queue. */
const happenings = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('offer' as const), tenants, classes, runsOn, costs }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('credit' as const), on: fc.constantFrom(...DEPLOYMENTS) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), nth: fc.nat(100) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('correct' as const), actual: fc.nat(200) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(2_000) }) },
  ),
  { maxLength: 150 },
);

describe('the laws of FairQueue', () => {
  it('hands out every job at most once, only where there is room, and none that is late; and is never idle while a job could run', () => {
    fc.assert(
      fc.property(happenings, fc.array(fc.option(fc.nat(5_000))), (script, deadlines) => {
        const queue = new FairQueue();
        const waiting = new Map<string, QueuedJob>();
        const room: Record<string, number> = {};
        let nowMs = 0;
        let last: Turn<QueuedJob, string> | undefined;
        let offers = 0;
        const canRun = (job: QueuedJob) => job.runsOn.find((deployment) => (room[deployment] ?? 0) > 0);
        for (const step of script) {
          if (step.kind === 'offer') {
            const inMs = deadlines[offers++ % Math.max(1, deadlines.length)];
            const job = makeQueued(step.tenants, step.classes, {
              cost: step.costs,
              runsOn: step.runsOn,
              expectedMs: 100,
              ...(inMs === undefined || inMs === null ? {} : { deadlineMs: nowMs + inMs }),
            });
            expect(queue.offer(job)).toBe(true);
            waiting.set(job.job.id, job);
          } else if (step.kind === 'credit') {
            room[step.on] = (room[step.on] ?? 0) + 1;
            queue.open(step.on);
          } else if (step.kind === 'remove') {
            const victim = [...waiting.values()][step.nth % Math.max(1, waiting.size)];
            if (victim) {
              expect(queue.remove(victim.job, victim.job.id)).toBe(victim);
              waiting.delete(victim.job.id);
            }
          } else if (step.kind === 'correct') {
            if (last) queue.correct(last, step.actual);
          } else nowMs += step.ms;

          for (let turn = queue.next(canRun, nowMs); turn; turn = queue.next(canRun, nowMs)) {
            expect(waiting.delete(turn.job.job.id)).toBe(true);
            expect(turn.job.job.deadlineMs ?? Infinity).toBeGreaterThan(nowMs);
            expect(room[turn.pick]).toBeGreaterThan(0);
            room[turn.pick]! -= 1;
            last = turn;
          }
          for (const { job } of queue.takeExpired(nowMs)) {
            expect(job.deadlineMs).toBeLessThanOrEqual(nowMs);
            expect(waiting.delete(job.id)).toBe(true);
          }
          for (const job of waiting.values()) expect(canRun(job)).toBeUndefined();
          expect(queue.size).toBe(waiting.size);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('keeps two tenants with work within one job each of their fair parts, over any stretch of time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5 }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 5, maxLength: 5 }),
        fc.array(costs, { minLength: 20, maxLength: 20 }),
        fc.nat(199),
        (count, weights, pattern, from) => {
          const named = TENANTS.slice(0, count);
          const queue = new FairQueue({ weightOf: (tenant) => weights[TENANTS.indexOf(tenant)]! });
          for (let i = 0; i < 400; i++) {
            named.forEach((tenant, n) =>
              queue.offer(makeQueued(tenant, 'batch', { cost: pattern[(i * (n + 1) + n) % 20]! })),
            );
          }
          const served = new Map(named.map((tenant) => [tenant, 0]));
          const dearest = Math.max(...pattern);
          let unfair = false;
          for (let i = 0; i < 400; i++) {
            const turn = queue.next(anywhere, 0)!;
            const { tenant } = turn.job.job;
            if (i >= from) served.set(tenant, served.get(tenant)! + turn.job.cost);
            for (const a of named) {
              for (const b of named) {
                const [weightA, weightB] = [a, b].map((one) => weights[TENANTS.indexOf(one)]!);
                const apart = served.get(a)! / weightA! - served.get(b)! / weightB!;
                unfair ||= apart > dearest / weightA! + dearest / weightB! + 1e-6;
              }
            }
          }
          expect(unfair).toBe(false);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('starts a tenant that comes to a crowd before any other tenant has two more turns', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.integer({ min: 1, max: 5 }), (before, crowd) => {
        const queue = new FairQueue();
        for (let i = 0; i < 200; i++) {
          for (let n = 0; n < crowd; n++) queue.offer(makeQueued(`crowd${n}`, 'standard'));
        }
        for (let i = 0; i < Math.min(before, 200 * crowd - 20); i++) queue.next(anywhere, 0);
        queue.offer(makeQueued('late', 'standard'));
        const turns = Array.from({ length: crowd + 1 }, () => queue.next(anywhere, 0)?.job.job.tenant);
        expect(turns).toContain('late');
      }),
      { numRuns: 60 },
    );
  });

  it('gives a lower class its reserve of the cost, and no more, while a more urgent one has work', () => {
    fc.assert(
      fc.property(
        fc.array(costs, { minLength: 10, maxLength: 10 }),
        fc.double({ min: 0.01, max: 0.3, noNaN: true }),
        (pattern, share) => {
          const queue = new FairQueue({ reserve: { standard: share, batch: share } });
          const served: Record<PriorityClass, number> = { interactive: 0, standard: 0, batch: 0 };
          let total = 0;
          for (let i = 0; i < 600; i++) {
            for (const priorityClass of PRIORITY_CLASSES) {
              queue.offer(makeQueued('a', priorityClass, { cost: pattern[i % 10]! }));
            }
          }
          const dearest = Math.max(...pattern);
          for (let i = 0; i < 500; i++) {
            const turn = queue.next(anywhere, 0)!;
            served[turn.job.job.class] += turn.job.cost;
            total += turn.job.cost;
            for (const lower of ['standard', 'batch'] as const) {
              expect(served[lower]).toBeGreaterThanOrEqual(share * total - 2 * dearest);
            }
          }
          expect(served.standard).toBeLessThanOrEqual(share * total + dearest);
          expect(served.batch).toBeLessThanOrEqual(share * total + dearest);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('keeps every deadline that one tenant’s work can keep, as earliest deadline first does', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 1, maxLength: 40 }), (slacks) => {
        // Feasible by construction: the nth job by deadline has at least n units of time.
        const deadlines = slacks.toSorted((a, b) => a - b).map((slack, n) => (n + 1) * 100 + slack);
        const order = deadlines.map((_, n) => (n * 7) % deadlines.length);
        const queue = new FairQueue();
        for (const n of new Set([...order, ...deadlines.keys()])) {
          queue.offer(makeQueued('a', 'batch', { deadlineMs: deadlines[n]!, expectedMs: 100 }));
        }
        for (let i = 0; i < deadlines.length; i++) {
          expect(queue.next(anywhere, i * 100)).toBeDefined();
          expect(queue.takeExpired(i * 100)).toEqual([]);
        }
      }),
    );
  });

  it('gets a promoted job through a flood of interactive work of other tenants before its deadline', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(50), (floods, offset) => {
        const queue = new FairQueue({ reserve: { batch: 0, standard: 0 }, promotionFactor: 10 });
        for (let i = 0; i < 100; i++) {
          for (let n = 0; n < floods; n++) queue.offer(makeQueued(`flood${n}`, 'interactive'));
        }
        queue.offer(makeQueued('a', 'batch', { deadlineMs: 2_000 + offset, expectedMs: 100 }));
        const started = Array.from({ length: 21 }, (_, i) => queue.next(anywhere, i * 100)?.job.job.tenant);
        expect(started).toContain('a');
      }),
    );
  });

  it('starts every job after a bounded number of turns, however much more urgent work keeps coming', () => {
    const queue = new FairQueue();
    const patient = makeQueued('patient', 'batch', { id: 'patient' });
    queue.offer(patient);
    let turns = 0;
    for (; turns < 1_000; turns++) {
      for (const tenant of ['x', 'y']) {
        queue.offer(makeQueued(tenant, 'interactive'));
        queue.offer(makeQueued(tenant, 'standard'));
        queue.offer(makeQueued(tenant, 'batch'));
      }
      if (queue.next(anywhere, 0)?.job === patient) break;
    }
    expect(turns).toBeLessThan(100);
  });

  it('gives a tenant no more of a deployment for asking for it in several ways', () => {
    const queue = new FairQueue();
    const ways = [['d1'], ['d1', 'd2'], ['d1', 'd3'], ['d1', 'd2', 'd3']];
    for (let i = 0; i < 400; i++) {
      for (const way of ways) queue.offer(makeQueued('sly', 'standard', { runsOn: way }));
      queue.offer(makeQueued('plain', 'standard', { runsOn: ['d1', 'd2', 'd3'] }));
    }
    let plain = 0;
    for (let i = 0; i < 400; i++) if (queue.next(() => 'd1', 0)!.job.job.tenant === 'plain') plain++;
    expect(plain).toBeGreaterThanOrEqual(195);
  });

  it('shares what was really used by weight, however wrong the estimates are', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            weight: fc.integer({ min: 1, max: 4 }),
            estimate: fc.integer({ min: 1, max: 50 }),
            actual: fc.integer({ min: 1, max: 50 }),
          }),
          { minLength: 2, maxLength: 4 },
        ),
        fc.integer({ min: 1, max: 4 }),
        (kinds, slots) => {
          const queue = new FairQueue({ weightOf: (tenant) => kinds[TENANTS.indexOf(tenant)]!.weight });
          const used = kinds.map(() => 0);
          const running: Turn<QueuedJob, string>[] = [];
          const offer = (n: number) =>
            queue.offer(makeQueued(TENANTS[n]!, 'batch', { cost: kinds[n]!.estimate }));
          kinds.forEach((_, n) => [0, 1, 2].forEach(() => offer(n)));
          for (let step = 0; step < 3_000; step++) {
            if (running.length === slots) {
              const ended = running.shift()!;
              const n = TENANTS.indexOf(ended.job.job.tenant);
              queue.correct(ended, kinds[n]!.actual);
              used[n]! += kinds[n]!.actual;
            }
            const turn = queue.next(anywhere, 0)!;
            running.push(turn);
            offer(TENANTS.indexOf(turn.job.job.tenant));
          }
          const shares = used.map((one, n) => one / kinds[n]!.weight);
          // What is under way is charged by its estimate, so it is this far off at any time, and never further.
          const slack = (slots + 2) * 2 * 50;
          expect(Math.max(...shares) - Math.min(...shares)).toBeLessThan(slack);
        },
      ),
      { numRuns: 60 },
    );
  });
});

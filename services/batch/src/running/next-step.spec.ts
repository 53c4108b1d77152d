import fc from 'fast-check';
import { seededRandom } from '@penstock/resilience';
import { nextStep, type RunPolicy, type RunView } from './next-step.js';

const policy: RunPolicy = {
  window: { outstanding: 20, flight: 7 },
  flush: { bytes: 500, afterMs: 100 },
  graceMs: 1_000,
  callBackEveryMs: 300,
};

const idle: RunView = {
  status: 'in_progress',
  expiresAtMs: 100_000,
  total: 50,
  released: 0,
  unsent: 0,
  pausedUntilMs: 0,
  done: 0,
  gathered: { lines: 0, bytes: 0, sinceMs: 0 },
  endingSinceMs: undefined,
  calledBackAtMs: undefined,
};

/** A lane, its outcomes and the stored record, as simple as can be, driven by what `nextStep` decides. */
function simulate(total: number, chance: () => number, cancelAtMs: number, expiresAtMs: number) {
  const view = { ...idle, total, expiresAtMs, gathered: { ...idle.gathered } };
  let nowMs = 0;
  let lane = 0;
  let stored = 0;
  const gather = (lines: number) => {
    if (lines === 0) return;
    if (view.gathered.lines === 0) view.gathered = { lines: 0, bytes: 0, sinceMs: nowMs };
    view.gathered = {
      ...view.gathered,
      lines: view.gathered.lines + lines,
      bytes: view.gathered.bytes + 40 * lines,
    };
  };
  for (let steps = 0; steps < 10_000; steps++) {
    if (nowMs >= cancelAtMs && view.status === 'in_progress') {
      Object.assign(view, { status: 'cancelling', endingSinceMs: nowMs });
    }
    const step = nextStep(view, policy, nowMs);
    switch (step.kind) {
      case 'finish':
        return { ...view, finished: step.status, nowMs };
      case 'release': {
        expect(['in_progress', nowMs < expiresAtMs]).toEqual([view.status, true]);
        if (view.unsent === 0) {
          view.released += step.count;
          view.unsent = step.count;
        }
        const taken = Math.round(view.unsent * Math.min(1, chance() * 2));
        lane += taken;
        view.unsent -= taken;
        if (view.unsent > 0) view.pausedUntilMs = nowMs + 50;
        break;
      }
      case 'write':
        expect(view.gathered.lines).toBeGreaterThan(0);
        // Every other process that runs this batch is killed before it has stored what it wrote.
        if (chance() < 0.2) break;
        view.done += view.gathered.lines;
        stored += view.gathered.lines;
        view.gathered = { lines: 0, bytes: 0, sinceMs: 0 };
        break;
      case 'close':
        Object.assign(view, { status: 'finalizing', endingSinceMs: nowMs });
        break;
      case 'call_back':
        view.calledBackAtMs = nowMs;
        if (chance() < 0.5) {
          gather(lane);
          lane = 0;
        }
        break;
      case 'end_unfinished':
        // Whatever is released and came to nothing, and whatever never was.
        lane = 0;
        view.unsent = 0;
        gather(Math.min(13, view.total - view.done - view.gathered.lines));
        break;
      case 'wait':
        expect(step.untilMs).toBeGreaterThan(nowMs);
        nowMs = Math.min(step.untilMs, nowMs + 20);
        break;
      case 'validate':
        throw new Error('validated already');
    }
    const arrived = Math.floor(chance() * (lane + 1));
    lane -= arrived;
    gather(arrived);
    expect(view.released - view.done - view.gathered.lines).toBeLessThanOrEqual(policy.window.outstanding);
    expect(stored).toBe(view.done);
  }
  throw new Error('never finished');
}

const seed = fc.integer();

describe('what a batch does next', () => {
  it('brings every batch to its end with all lines done, whatever the lane and the killer do', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), seed, (total, chance) => {
        const end = simulate(total, seededRandom(chance), Infinity, Infinity);
        expect([end.finished, end.done]).toEqual(['completed', total]);
      }),
    );
  });

  it('ends a cancelled or expired batch soon after, and with every line', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        seed,
        fc.nat(300),
        fc.boolean(),
        (total, chance, atMs, cancel) => {
          const end = simulate(
            total,
            seededRandom(chance),
            cancel ? atMs : Infinity,
            cancel ? Infinity : atMs + 1,
          );
          expect(end.done).toBe(total);
          expect(['completed', cancel ? 'cancelled' : 'expired']).toContain(end.finished);
          if (end.finished !== 'completed') expect(end.nowMs).toBeLessThan(atMs + policy.graceMs + 500);
        },
      ),
    );
  });

  it('validates first, unless it is too late for that', () => {
    const validating = { ...idle, status: 'validating', total: 0 } as const;
    expect(nextStep(validating, policy, 0)).toEqual({ kind: 'validate' });
    expect(nextStep(validating, policy, 100_000)).toEqual({ kind: 'finish', status: 'expired' });
  });

  it('writes the last outcomes without waiting for more', () => {
    const last = { ...idle, released: 50, done: 40, gathered: { lines: 10, bytes: 10, sinceMs: 0 } };
    expect(nextStep(last, policy, 0)).toEqual({ kind: 'write' });
    expect(nextStep({ ...last, gathered: { ...last.gathered, lines: 9 } }, policy, 0)).toEqual({
      kind: 'wait',
      untilMs: 100,
    });
  });

  it('waits for a full lane instead of asking it again and again', () => {
    const full = { ...idle, released: 7, unsent: 7, pausedUntilMs: 500 };
    expect(nextStep(full, policy, 0)).toEqual({ kind: 'wait', untilMs: 500 });
    expect(nextStep(full, policy, 500)).toEqual({ kind: 'release', count: 7 });
  });
});

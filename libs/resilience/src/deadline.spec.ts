import { deadlineAt, DeadlinePassed } from './deadline.js';
import { ManualClock } from './manual-clock.js';

describe('deadlineAt', () => {
  it('aborts its signal when the instant has come, and says why', () => {
    const clock = new ManualClock();
    const deadline = deadlineAt(clock, clock.nowMs() + 1000);
    clock.advance(400);
    expect(deadline.remainingMs()).toBe(600);
    expect(deadline.signal.aborted).toBe(false);
    clock.advance(600);
    expect(deadline.signal.reason).toBeInstanceOf(DeadlinePassed);
    expect(deadline.remainingMs()).toBe(0);
    expect(clock.waiting).toBe(0);
  });

  it('has passed at once when the instant is in the past', () => {
    const clock = new ManualClock();
    expect(deadlineAt(clock, clock.nowMs() - 1).signal.aborted).toBe(true);
  });

  it("takes over its parent's abort and reason", () => {
    const clock = new ManualClock();
    const parent = new AbortController();
    const deadline = deadlineAt(clock, clock.nowMs() + 1000, parent.signal);
    const late = new Error('the caller left');
    parent.abort(late);
    expect(deadline.signal.reason).toBe(late);
    expect(clock.waiting).toBe(0);
    expect(deadlineAt(clock, clock.nowMs() + 1000, parent.signal).signal.reason).toBe(late);
    expect(clock.waiting).toBe(0);
  });

  it('leaves nothing behind when released', () => {
    const clock = new ManualClock();
    const parent = new AbortController();
    const deadline = deadlineAt(clock, clock.nowMs() + 1000, parent.signal);
    deadline.release();
    deadline.release();
    expect(clock.waiting).toBe(0);
    parent.abort();
    clock.advance(2000);
    expect(deadline.signal.aborted).toBe(false);
  });

  it('waits on when the wall clock was set back, and for longer than a timer can', () => {
    const clock = new ManualClock();
    const deadline = deadlineAt(clock, clock.nowMs() + 40 * 86_400_000);
    clock.advance(30 * 86_400_000);
    expect(deadline.signal.aborted).toBe(false);
    clock.jump(-86_400_000);
    clock.advance(10 * 86_400_000);
    expect(deadline.signal.aborted).toBe(false);
    clock.advance(86_400_000);
    expect(deadline.signal.aborted).toBe(true);
  });
});

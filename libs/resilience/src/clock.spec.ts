import { sleep, systemClock } from './clock.js';
import { ManualClock } from './manual-clock.js';

describe('sleep', () => {
  it('resolves when its time has passed', async () => {
    const clock = new ManualClock();
    const asleep = sleep(clock, 100);
    expect(clock.waiting).toBe(1);
    clock.advance(100);
    await expect(asleep).resolves.toBeUndefined();
  });

  it("rejects with the signal's reason, and leaves no timer", async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const asleep = sleep(clock, 100, controller.signal);
    controller.abort(new Error('enough'));
    await expect(asleep).rejects.toThrow('enough');
    expect(clock.waiting).toBe(0);
    await expect(sleep(clock, 100, controller.signal)).rejects.toThrow('enough');
    expect(clock.waiting).toBe(0);
  });
});

describe('systemClock', () => {
  it('runs a task once, and a period until cancelled', async () => {
    const startedMs = systemClock.monotonicMs();
    await sleep(systemClock, 2);
    expect(systemClock.monotonicMs()).toBeGreaterThan(startedMs);
    let ticks = 0;
    await new Promise<void>((resolve) => {
      const keepAlive = systemClock.after(10_000, () => {});
      const cancel = systemClock.every(1, () => {
        if (++ticks < 3) return;
        cancel();
        keepAlive();
        resolve();
      });
    });
    expect(ticks).toBe(3);
    const cancel = systemClock.after(1, () => ticks++);
    cancel();
    await sleep(systemClock, 3);
    expect(ticks).toBe(3);
  });
});

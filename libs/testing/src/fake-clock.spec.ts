import { sleep } from '@penstock/resilience';
import { fakeClock } from './fake-clock.js';

describe('fakeClock', () => {
  it('stands still until it is told to go on', async () => {
    const clock = fakeClock(1_000);
    expect([clock.nowMs(), clock.monotonicMs()]).toEqual([1_000, 0]);
    await clock.advance(250);
    expect([clock.nowMs(), clock.monotonicMs()]).toEqual([1_250, 250]);
  });

  it('fires timers in the order they fall due, each at its own instant', async () => {
    const clock = fakeClock(0);
    const fired: string[] = [];
    clock.after(20, () => fired.push(`b@${clock.nowMs()}`));
    clock.after(10, () => fired.push(`a@${clock.nowMs()}`));
    clock.after(20, () => fired.push(`c@${clock.nowMs()}`));
    await clock.advance(19);
    expect(fired).toEqual(['a@10']);
    await clock.advance(1);
    expect(fired).toEqual(['a@10', 'b@20', 'c@20']);
    expect(clock.pending()).toBe(0);
  });

  it('repeats until cancelled, also from within the task', async () => {
    const clock = fakeClock(0);
    const at: number[] = [];
    const cancel = clock.every(10, () => {
      at.push(clock.nowMs());
      if (at.length === 3) cancel();
    });
    await clock.advance(100);
    expect(at).toEqual([10, 20, 30]);
    expect(clock.pending()).toBe(0);
  });

  it('lets what a timer wakes set the next one within the same advance', async () => {
    const clock = fakeClock(0);
    const woken: number[] = [];
    const loop = (async () => {
      for (let i = 0; i < 3; i++) {
        await sleep(clock, 10);
        woken.push(clock.monotonicMs());
      }
    })();
    await clock.advance(30);
    await loop;
    expect(woken).toEqual([10, 20, 30]);
  });

  it('jumps on the wall clock without moving the monotonic one', async () => {
    const clock = fakeClock(5_000);
    let fired = false;
    clock.after(10, () => (fired = true));
    clock.jumpTo(999_999);
    expect([clock.nowMs(), clock.monotonicMs(), fired]).toEqual([999_999, 0, false]);
    await clock.advance(10);
    expect(fired).toBe(true);
  });
});

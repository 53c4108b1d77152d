import { ManualClock } from './manual-clock.js';

describe('ManualClock', () => {
  it('runs what falls due in order, at its own instant', () => {
    const clock = new ManualClock(0);
    const seen: [string, number][] = [];
    clock.after(20, () => seen.push(['late', clock.nowMs()]));
    clock.after(10, () => {
      seen.push(['early', clock.nowMs()]);
      clock.after(5, () => seen.push(['chained', clock.nowMs()]));
    });
    const cancel = clock.after(12, () => seen.push(['cancelled', clock.nowMs()]));
    cancel();
    clock.advance(25);
    expect(seen).toEqual([
      ['early', 10],
      ['chained', 15],
      ['late', 20],
    ]);
    expect(clock.nowMs()).toBe(25);
  });

  it('repeats a period until it is cancelled', () => {
    const clock = new ManualClock(0);
    let ticks = 0;
    const cancel = clock.every(10, () => {
      if (++ticks === 3) cancel();
    });
    clock.advance(1000);
    expect(ticks).toBe(3);
    expect(clock.waiting).toBe(0);
  });

  it('jumps the wall clock without touching durations', () => {
    const clock = new ManualClock(5000);
    clock.jump(-1000);
    expect(clock.nowMs()).toBe(4000);
    expect(clock.monotonicMs()).toBe(0);
  });
});

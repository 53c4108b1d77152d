import type { Clock } from '@penstock/resilience';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly periodMs: number | undefined;
  readonly task: () => void;
}

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /**
   * Moves time on by `deltaMs`, stopping at each timer that falls due on the way, in order. Between two of them
   * promises get to run, so that what a timer wakes can set the next one.
   */
  advance(deltaMs: number): Promise<void>;
  /** Sets the wall clock without a timer noticing, as NTP or an administrator would. */
  jumpTo(nowMs: number): void;
  /** Timers that have not fired and were not cancelled. */
  pending(): number;
}

export function fakeClock(startMs = Date.UTC(2026, 0, 1)): FakeClock {
  let elapsedMs = 0;
  let offsetMs = startMs;
  let made = 0;
  const timers = new Set<Timer>();

  const add = (delayMs: number, periodMs: number | undefined, task: () => void) => {
    let timer: Timer = { dueMs: elapsedMs + Math.max(0, delayMs), order: made++, periodMs, task };
    let cancelled = false;
    const fire = () => {
      timers.delete(timer);
      if (periodMs !== undefined && !cancelled) {
        timer = { ...timer, dueMs: timer.dueMs + Math.max(1, periodMs), order: made++ };
        timers.add(timer);
      }
      task();
    };
    timer = { ...timer, task: fire };
    timers.add(timer);
    return () => {
      cancelled = true;
      timers.delete(timer);
    };
  };

  const next = (untilMs: number): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (timer.dueMs > untilMs) continue;
      if (!first || timer.dueMs < first.dueMs || (timer.dueMs === first.dueMs && timer.order < first.order)) {
        first = timer;
      }
    }
    return first;
  };

  return {
    nowMs: () => offsetMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    after: (delayMs, task) => add(delayMs, undefined, task),
    every: (periodMs, task) => add(periodMs, periodMs, task),
    async advance(deltaMs) {
      const untilMs = elapsedMs + deltaMs;
      await settle();
      for (let timer = next(untilMs); timer; timer = next(untilMs)) {
        elapsedMs = Math.max(elapsedMs, timer.dueMs);
        timer.task();
        await settle();
      }
      elapsedMs = untilMs;
    },
    jumpTo(nowMs) {
      offsetMs = nowMs - elapsedMs;
    },
    pending: () => timers.size,
  };
}

/** Lets promises that are already resolved run, and those that hang on them. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

import type { Clock } from './clock.js';

/**
 * A clock that moves only when told to: for simulations and tests that must repeat and must not wait.
 * `advance` runs what falls due on the way, in order of due time, then of being asked for.
 */
export class ManualClock implements Clock {
  private elapsedMs = 0;
  private asked = 0;
  private readonly timers = new Map<
    number,
    { dueMs: number; periodMs: number | undefined; task: () => void }
  >();

  /** `startMs` is the wall clock's first reading, in milliseconds since the epoch. */
  constructor(private startMs = 1_700_000_000_000) {}

  nowMs(): number {
    return this.startMs + this.elapsedMs;
  }

  monotonicMs(): number {
    return this.elapsedMs;
  }

  after(delayMs: number, task: () => void): () => void {
    return this.add(delayMs, undefined, task);
  }

  every(periodMs: number, task: () => void): () => void {
    return this.add(periodMs, periodMs, task);
  }

  /** Timers that wait, to see that nothing was left behind. */
  get waiting(): number {
    return this.timers.size;
  }

  advance(byMs: number): void {
    const untilMs = this.elapsedMs + byMs;
    for (let next = this.nextDue(untilMs); next !== undefined; next = this.nextDue(untilMs)) {
      const timer = this.timers.get(next);
      if (!timer) break;
      this.elapsedMs = Math.max(this.elapsedMs, timer.dueMs);
      if (timer.periodMs === undefined) this.timers.delete(next);
      else timer.dueMs += timer.periodMs;
      timer.task();
    }
    this.elapsedMs = untilMs;
  }

  /** Moves the wall clock alone, as an administrator or NTP does. */
  jump(byMs: number): void {
    this.startMs += byMs;
  }

  private add(delayMs: number, periodMs: number | undefined, task: () => void): () => void {
    const id = this.asked++;
    // A period of nothing would never let time pass.
    const atLeastOneMs = periodMs === undefined ? undefined : Math.max(1, periodMs);
    this.timers.set(id, { dueMs: this.elapsedMs + Math.max(0, delayMs), periodMs: atLeastOneMs, task });
    return () => this.timers.delete(id);
  }

  private nextDue(untilMs: number): number | undefined {
    let best: number | undefined;
    let bestMs = Infinity;
    for (const [id, timer] of this.timers) {
      if (timer.dueMs <= untilMs && timer.dueMs < bestMs) [best, bestMs] = [id, timer.dueMs];
    }
    return best;
  }
}

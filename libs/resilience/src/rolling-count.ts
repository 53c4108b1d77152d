import type { Clock } from './clock.js';

/**
 * Counts what happened within a window that moves in steps, in constant memory. An event counts for between
 * `windowMs - windowMs / slices` and `windowMs`.
 */
export class RollingCount {
  private readonly sliceMs: number;
  private readonly counts: Float64Array;
  private newest: number;
  private sum = 0;

  /** @param slices Steps in which the window moves. Default 30. */
  constructor(
    private readonly clock: Clock,
    windowMs: number,
    private readonly slices = 30,
  ) {
    this.sliceMs = windowMs / slices;
    this.counts = new Float64Array(slices);
    this.newest = this.slice();
  }

  add(count = 1): void {
    this.forget();
    this.counts[this.newest % this.slices]! += count;
    this.sum += count;
  }

  get total(): number {
    this.forget();
    return this.sum;
  }

  private slice(): number {
    return Math.floor(this.clock.monotonicMs() / this.sliceMs);
  }

  private forget(): void {
    const now = this.slice();
    const passed = Math.min(this.slices, now - this.newest);
    for (let i = 1; i <= passed; i++) {
      const at = (this.newest + i) % this.slices;
      this.sum -= this.counts[at]!;
      this.counts[at] = 0;
    }
    this.newest = now;
  }
}

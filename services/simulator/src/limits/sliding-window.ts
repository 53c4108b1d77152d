const FIRST_CAPACITY = 64;

/**
 * What happened in the last `spanMs`, exactly: every event is kept until it leaves the window, so "in any minute" is
 * true of any minute and not of those on the clock. Adding and asking cost O(1) on average, whatever the rate; memory
 * is 16 bytes an event in the window.
 */
export class SlidingWindow {
  private times = new Float64Array(FIRST_CAPACITY);
  private amounts = new Float64Array(FIRST_CAPACITY);
  private head = 0;
  private size = 0;
  private sum = 0;

  constructor(private readonly spanMs: number) {}

  /** `nowMs` must not go back. */
  add(nowMs: number, amount: number): void {
    this.expire(nowMs);
    if (this.size === this.times.length) this.grow();
    const at = (this.head + this.size) & (this.times.length - 1);
    this.times[at] = nowMs;
    this.amounts[at] = amount;
    this.size++;
    this.sum += amount;
  }

  count(nowMs: number): number {
    this.expire(nowMs);
    return this.size;
  }

  total(nowMs: number): number {
    this.expire(nowMs);
    return this.sum;
  }

  /** Milliseconds until the window is empty. */
  emptyInMs(nowMs: number): number {
    this.expire(nowMs);
    if (this.size === 0) return 0;
    const newest = (this.head + this.size - 1) & (this.times.length - 1);
    return (this.times[newest] ?? 0) + this.spanMs - nowMs;
  }

  /** Milliseconds until at most `count` events are left in the window. */
  countInMs(nowMs: number, count: number): number {
    this.expire(nowMs);
    const leaving = this.size - count;
    return leaving <= 0 ? 0 : this.leavesInMs(nowMs, leaving - 1);
  }

  /** Milliseconds until at most `total` is left in the window. */
  totalInMs(nowMs: number, total: number): number {
    this.expire(nowMs);
    let left = this.sum;
    for (let i = 0; i < this.size; i++) {
      if (left <= total) return i === 0 ? 0 : this.leavesInMs(nowMs, i - 1);
      left -= this.amounts[(this.head + i) & (this.times.length - 1)] ?? 0;
    }
    return this.size === 0 ? 0 : this.emptyInMs(nowMs);
  }

  private leavesInMs(nowMs: number, index: number): number {
    return (this.times[(this.head + index) & (this.times.length - 1)] ?? 0) + this.spanMs - nowMs;
  }

  /** An event leaves the window at exactly `spanMs` after it happened. */
  private expire(nowMs: number): void {
    const mask = this.times.length - 1;
    while (this.size > 0 && (this.times[this.head] ?? 0) + this.spanMs <= nowMs) {
      this.sum -= this.amounts[this.head] ?? 0;
      this.head = (this.head + 1) & mask;
      this.size--;
    }
  }

  private grow(): void {
    const { times, amounts, head, size } = this;
    this.times = new Float64Array(size * 2);
    this.amounts = new Float64Array(size * 2);
    for (let i = 0; i < size; i++) {
      this.times[i] = times[(head + i) & (size - 1)] ?? 0;
      this.amounts[i] = amounts[(head + i) & (size - 1)] ?? 0;
    }
    this.head = 0;
  }
}

/** Jobs started a second lately, to tell how long a waiting one has to wait. */
export class StartRate {
  private starts = 0;
  private sinceMs: number | undefined;
  private atMs = 0;

  /** @param halfLifeMs How fast the past is forgotten. Default 30 s. */
  constructor(private readonly halfLifeMs = 30_000) {}

  record(nowMs: number): void {
    this.forget(nowMs);
    this.starts += 1;
  }

  /** 0 while nothing has started yet. */
  perSecond(nowMs: number): number {
    if (this.sinceMs === undefined) return 0;
    this.forget(nowMs);
    // What a steady rate of one a millisecond would have added up to since the first start.
    const mean = this.halfLifeMs / Math.LN2;
    const full = mean * (1 - 2 ** (-Math.max(1, nowMs - this.sinceMs) / this.halfLifeMs));
    return (this.starts / full) * 1_000;
  }

  /** When a job with `ahead` jobs before it is expected to start; undefined while that cannot be told. */
  expectedStartMs(ahead: number, nowMs: number): number | undefined {
    if (ahead === 0) return nowMs;
    const rate = this.perSecond(nowMs);
    return rate > 0 ? Math.ceil(nowMs + (ahead / rate) * 1_000) : undefined;
  }

  private forget(nowMs: number): void {
    this.sinceMs ??= nowMs;
    this.starts *= 2 ** (-Math.max(0, nowMs - this.atMs) / this.halfLifeMs);
    this.atMs = Math.max(this.atMs, nowMs);
  }
}

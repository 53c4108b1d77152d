import type { Clock } from './clock.js';

export interface RollingQuantilesOptions {
  /** How long a sample counts. Default 5 minutes. */
  readonly windowMs?: number;
  /** Steps in which the window moves. Default 10. */
  readonly slices?: number;
  /** Smaller samples count as this. Default 1. */
  readonly min?: number;
  /** Larger samples count as this. Default 3,600,000: an hour in milliseconds. */
  readonly max?: number;
  /** Largest relative error of an answer. Default 0.02. */
  readonly relativeError?: number;
}

/**
 * Percentiles over a rolling window in bounded memory: with the defaults at most 15 KB, whatever the traffic.
 *
 * Samples are counted in buckets whose bounds grow by a constant ratio, so that an answer is off by at most
 * `relativeError` of itself; the window is a ring of such counts, the oldest of which is emptied as time passes.
 * So a sample counts for between `windowMs - windowMs / slices` and `windowMs`.
 *
 * Source: Masson, Rim, Lee, "DDSketch", VLDB 2019, with a fixed range in place of collapsing buckets.
 */
export class RollingQuantiles {
  private readonly sliceMs: number;
  private readonly slices: number;
  private readonly min: number;
  private readonly max: number;
  private readonly ratio: number;
  private readonly buckets: number;
  private readonly counts: Uint32Array;
  private newest: number;
  private total = 0;

  constructor(
    private readonly clock: Clock,
    options: RollingQuantilesOptions = {},
  ) {
    this.slices = options.slices ?? 10;
    this.sliceMs = (options.windowMs ?? 300_000) / this.slices;
    this.min = options.min ?? 1;
    this.max = options.max ?? 3_600_000;
    const error = options.relativeError ?? 0.02;
    this.ratio = (1 + error) / (1 - error);
    this.buckets = this.bucket(this.max) + 1;
    this.counts = new Uint32Array(this.buckets * this.slices);
    this.newest = this.slice();
  }

  record(sample: number): void {
    if (Number.isNaN(sample)) return;
    this.forget();
    this.counts[(this.newest % this.slices) * this.buckets + this.bucket(sample)]! += 1;
    this.total += 1;
  }

  /** The sample below which a share `q` (0..1) of the window's samples lie; undefined when there are none. */
  quantile(q: number): number | undefined {
    return this.quantiles([q])?.[0];
  }

  /** Several at once, for shares in rising order; undefined when there are no samples. One pass over the counts. */
  quantiles<const Shares extends readonly number[]>(
    shares: Shares,
  ): { readonly [at in keyof Shares]: number } | undefined {
    this.forget();
    if (this.total === 0) return undefined;
    const found: number[] = [];
    let seen = 0;
    for (let bucket = 0; bucket < this.buckets && found.length < shares.length; bucket++) {
      for (let slice = 0; slice < this.slices; slice++) seen += this.counts[slice * this.buckets + bucket]!;
      while (
        found.length < shares.length &&
        seen >= Math.max(1, Math.ceil(shares[found.length]! * this.total))
      )
        found.push(this.middle(bucket));
    }
    return found as { readonly [at in keyof Shares]: number };
  }

  /** Samples in the window. */
  get count(): number {
    this.forget();
    return this.total;
  }

  private bucket(sample: number): number {
    const within = Math.min(this.max, Math.max(this.min, sample));
    return Math.ceil(Math.log(within / this.min) / Math.log(this.ratio));
  }

  /** The value that is off by the same ratio from both ends of its bucket. */
  private middle(bucket: number): number {
    if (bucket === 0) return this.min;
    return Math.min(this.max, (this.min * 2 * this.ratio ** bucket) / (this.ratio + 1));
  }

  private slice(): number {
    return Math.floor(this.clock.monotonicMs() / this.sliceMs);
  }

  private forget(): void {
    const now = this.slice();
    const passed = Math.min(this.slices, now - this.newest);
    for (let i = 1; i <= passed; i++) {
      const from = ((this.newest + i) % this.slices) * this.buckets;
      for (let at = from; at < from + this.buckets; at++) {
        this.total -= this.counts[at]!;
        this.counts[at] = 0;
      }
    }
    this.newest = now;
  }
}

import type { Clock } from '@penstock/resilience';

/** Jobs whose cancellation was heard of before the jobs themselves, remembered for a while. */
export class CancelledJobs {
  private readonly heardAtMs = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly keepMs = 120_000,
    private readonly most = 100_000,
  ) {}

  add(tenant: string, job: string): void {
    const nowMs = this.clock.monotonicMs();
    // Oldest first: a map keeps the order in which its keys came.
    for (const [key, heardAtMs] of this.heardAtMs) {
      if (nowMs - heardAtMs < this.keepMs && this.heardAtMs.size < this.most) break;
      this.heardAtMs.delete(key);
    }
    this.heardAtMs.set(`${tenant} ${job}`, nowMs);
  }

  /** True once, if the job was cancelled. */
  take(tenant: string, job: string): boolean {
    return this.heardAtMs.delete(`${tenant} ${job}`);
  }
}

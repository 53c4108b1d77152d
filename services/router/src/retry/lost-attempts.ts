import type { Job, RunningRecord } from '@penstock/contracts';
import type { Clock } from '@penstock/resilience';
import type { CreditBook } from '../credits/credit-book.js';
import type { DispatchedJobs } from '../dispatch/dispatched-jobs.js';
import type { LostAttempt } from './take-lost.js';

/** What workers have written down is read once for all jobs that come within so long: after a crash they come together. */
const READ_EVERY_MS = 1_000;

type Records = ReadonlyMap<string, readonly RunningRecord[]>;

/**
 * In which attempt a job that nobody runs was lost: what this router remembers of its own dispatches; and of those whose
 * router died as well, what their workers had written down.
 */
export class LostAttempts {
  private known: { readonly atMs: number; readonly records: Promise<Records> } | undefined;

  constructor(
    private readonly dispatched: Pick<DispatchedJobs, 'takeLost'>,
    private readonly credits: Pick<CreditBook, 'isAlive'>,
    private readonly readRecords: () => Promise<Records>,
    private readonly clock: Clock,
  ) {}

  /**
   * The attempt that a job was lost in, if it may have been begun. Rejects when what is on record cannot be read: then
   * the job has to wait, because afterwards nobody would look for the attempt again.
   */
  async take(job: Job): Promise<LostAttempt | undefined> {
    return this.dispatched.takeLost(job) ?? this.onRecord(job, await this.records());
  }

  private onRecord(job: Job, workers: Records): LostAttempt | undefined {
    let last: LostAttempt | undefined;
    for (const [worker, records] of workers) {
      // What a worker that lives ran within the last second and runs no more it has told itself.
      if (this.credits.isAlive(worker, this.clock.nowMs())) continue;
      for (const { tenant, job: id, history = [], startedAtMs, ...attempt } of records) {
        if (tenant !== job.tenant || id !== job.id || isTold(job, attempt.attemptId)) continue;
        if (last && last.dispatchedAtMs >= startedAtMs) continue;
        last = { ...attempt, job: { ...job, attempts: history }, worker, dispatchedAtMs: startedAtMs };
      }
    }
    return last;
  }

  private async records(): Promise<Records> {
    const nowMs = this.clock.monotonicMs();
    if (!this.known || nowMs - this.known.atMs > READ_EVERY_MS) {
      this.known = { atMs: nowMs, records: this.readRecords() };
    }
    const { known } = this;
    try {
      return await known.records;
    } catch (error) {
      if (this.known === known) this.known = undefined;
      throw error;
    }
  }
}

/** Whether the attempt ended before its worker died, and the job went on. */
function isTold(job: Job, attemptId: string): boolean {
  return job.attempts.some(({ id }) => id === attemptId);
}

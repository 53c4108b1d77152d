import type { Job, RunningRecord } from '@penstock/contracts';
import type { Clock } from '@penstock/resilience';
import { WORKER_SILENCE_MS, type CreditBook } from '../credits/credit-book.js';
import type { DispatchedJobs, LostAttempt } from '../dispatch/dispatched-jobs.js';

/** What workers have written down is read once for all jobs that come within so long: after a crash they come together. */
const READ_EVERY_MS = 1_000;

type Records = ReadonlyMap<string, readonly RunningRecord[]>;

export interface LostAttemptsOptions {
  readonly clock: Clock;
  readonly dispatched: Pick<DispatchedJobs, 'takeLost'>;
  readonly credits: Pick<CreditBook, 'isAlive'>;
  readonly readRecords: () => Promise<Records>;
  /** Since when workers could have been heard: the start, or the last reconnect. */
  readonly listeningSinceMs: () => number;
}

/**
 * In which attempt a job that nobody runs was lost: what this router remembers of its own dispatches; and of those whose
 * router died as well, what their workers had written down. Rejects when that cannot be read: then the job has to
 * wait, because afterwards nobody would look for the attempt again.
 */
export class LostAttempts {
  private known: { readonly atMs: number; readonly records: Promise<Records> } | undefined;

  constructor(private readonly options: LostAttemptsOptions) {}

  /**
   * Whether a worker that is not known to be dead has the job on record. What it was asked it may not have answered in
   * time, and what has ended since is off its record in a second.
   */
  async mayRun(job: Job): Promise<boolean> {
    for (const [worker, records] of await this.records()) {
      if (!this.isDead(worker) && records.some((record) => isOf(record, job))) return true;
    }
    return false;
  }

  /** The attempt that a job was lost in, if it may have been begun. Asked when nobody runs it. */
  async take(job: Job): Promise<LostAttempt | undefined> {
    return this.options.dispatched.takeLost(job) ?? this.onRecord(job, await this.records());
  }

  private onRecord(job: Job, workers: Records): LostAttempt | undefined {
    let last: LostAttempt | undefined;
    for (const [worker, records] of workers) {
      if (!this.isDead(worker)) continue;
      for (const record of records) {
        if (!isOf(record, job) || (last && last.dispatchedAtMs >= record.startedAtMs)) continue;
        const { attemptId, deployment, startedAtMs, history = [], hedgedOn } = record;
        last = {
          ...{ attemptId, deployment, worker, history, dispatchedAtMs: startedAtMs },
          ...(hedgedOn !== undefined && { hedgedOn }),
        };
      }
    }
    return last;
  }

  /** Somebody who has only begun to listen has not heard those who live either. */
  private isDead(worker: string): boolean {
    const { clock, credits, listeningSinceMs } = this.options;
    const nowMs = clock.nowMs();
    return nowMs - listeningSinceMs() > WORKER_SILENCE_MS && !credits.isAlive(worker, nowMs);
  }

  private async records(): Promise<Records> {
    const nowMs = this.options.clock.monotonicMs();
    if (!this.known || nowMs - this.known.atMs > READ_EVERY_MS) {
      this.known = { atMs: nowMs, records: this.options.readRecords() };
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

/** Whether it is of that job, and of no attempt that ended before its worker died, so that the job went on. */
function isOf({ tenant, job: id, attemptId }: RunningRecord, job: Job): boolean {
  return tenant === job.tenant && id === job.id && !job.attempts.some((attempt) => attempt.id === attemptId);
}

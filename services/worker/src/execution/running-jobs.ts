import type { AttemptRecord, RunningHedge, RunningRecord } from '@penstock/contracts';
import { FleetingMap } from '@penstock/resilience';
import { AttemptAborted } from './attempt-result.js';
import type { ReadWindow } from './read-window.js';

/** One job running in this worker. */
export interface RunningJob {
  /** Where it runs: where the answer comes from, once one of several attempts has begun it. */
  deployment: string;
  /** Of the attempt that was dispatched. */
  readonly attemptId: string;
  readonly startedAtMs: number;
  /** Why it runs on none of its other deployments. */
  readonly skipped?: Readonly<Record<string, string>>;
  /** The attempts before this one. */
  readonly history: readonly AttemptRecord[];
  readonly controller: AbortController;
  /** Of the attempt whose answer its caller reads. */
  window: ReadWindow;
  /** A second attempt that runs beside the first. */
  hedge?: RunningHedge;
  /** The lease as it stands: a redelivery of a job that still runs brings a newer one. */
  ackSubject: string;
}

/** So many routers are remembered: more than ever live at the same time. */
const ROUTERS_KEPT = 100;

/** The jobs this worker runs now, by tenant and id, and how far it has read what routers sent. */
export class RunningJobs {
  private readonly jobs = new FleetingMap<string, RunningJob>();
  private readonly lastRead = new Map<string, number>();
  private idle: (() => void) | undefined;

  get size(): number {
    return this.jobs.size;
  }

  /** A dispatch was read, and what is to become of it has begun. */
  noteRead(router: string, number: number): void {
    this.lastRead.set(router, number);
    if (this.lastRead.size <= ROUTERS_KEPT) return;
    const [oldest = router] = this.lastRead.keys();
    this.lastRead.delete(oldest);
  }

  /** The number of the last dispatch of each router that was read. */
  read(): Record<string, number> {
    return Object.fromEntries(this.lastRead);
  }

  attemptIds(): string[] {
    return Array.from(this.jobs.values(), ({ attemptId }) => attemptId);
  }

  hedges(): RunningHedge[] {
    const hedges: RunningHedge[] = [];
    for (const { hedge } of this.jobs.values()) if (hedge) hedges.push(hedge);
    return hedges;
  }

  /** What is to be known of attempts that began before that instant, should this process die now. */
  records(startedBeforeMs: number): RunningRecord[] {
    const records: RunningRecord[] = [];
    for (const [key, { attemptId, deployment, startedAtMs, history, hedge }] of this.jobs) {
      if (startedAtMs > startedBeforeMs) continue;
      const [tenant = '', job = ''] = key.split(' ');
      records.push({
        ...{ tenant, job, attemptId, deployment, startedAtMs },
        ...(history.length > 0 && { history }),
        ...(hedge && { hedgedOn: hedge.deployment }),
      });
    }
    return records;
  }

  get(tenant: string, job: string): RunningJob | undefined {
    return this.jobs.get(`${tenant} ${job}`);
  }

  add(tenant: string, job: string, running: RunningJob): void {
    this.jobs.set(`${tenant} ${job}`, running);
  }

  remove(tenant: string, job: string): void {
    this.jobs.delete(`${tenant} ${job}`);
    if (this.jobs.size === 0) this.idle?.();
  }

  /** Aborts a job's call at its provider. True if the job runs here. */
  cancel(tenant: string, job: string): boolean {
    const running = this.get(tenant, job);
    running?.controller.abort(new AttemptAborted('cancelled'));
    return running !== undefined;
  }

  /** Resolves when nothing runs here. */
  async whenIdle(): Promise<void> {
    if (this.jobs.size > 0) await new Promise<void>((resolve) => (this.idle = resolve));
  }
}

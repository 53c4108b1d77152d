import { PRIORITY_CLASSES, type PriorityClass } from '@penstock/contracts';
import type { SimulatedJob } from '../load/simulated-job.js';
import { jainIndex, maxMinShares } from './fairness.js';

/** What a tenant asked for and got in the hour under way, in cost. */
interface TenantHour {
  waiting: number;
  asked: number;
  served: number;
}

/** One minute of a simulation. */
export interface Minute {
  readonly atMs: number;
  readonly waiting: number;
  readonly busy: Readonly<Record<string, number>>;
  readonly capacity: Readonly<Record<string, number>>;
  readonly limit: Readonly<Record<string, number>>;
  readonly calls: number;
  readonly refused: number;
  readonly failed: number;
  readonly served: number;
}

/** What is counted while a simulation runs. */
export class Measurements {
  /** Time from acceptance to the start of the first attempt, or to being given up, by group. */
  readonly waitsMs = new Map<string, number[]>();
  readonly minutes: Minute[] = [];
  readonly fairness: number[] = [];
  calls = 0;
  refused = 0;
  failed = 0;
  served = 0;
  deadLettered = 0;
  /** Told early that they could not start in time. */
  turnedAway = 0;
  /** Given up at their deadline, or ended after it. */
  readonly late: Record<PriorityClass, number> = { interactive: 0, standard: 0, batch: 0 };
  /** The busy and the offered part of capacity that there was work for, in call-seconds. */
  busySeconds = 0;
  wantedSeconds = 0;
  private readonly tenants = new Map<string, TenantHour>();

  /** @param groupOf Under which name a job's wait is counted, beside its class. */
  constructor(private readonly groupOf: (job: SimulatedJob) => string | undefined) {}

  accepted(job: SimulatedJob): void {
    this.tenant(job).asked += job.actualCost ?? job.cost;
  }

  started(job: SimulatedJob, waitMs: number): void {
    this.waited(job, waitMs);
    this.tenant(job).served += job.actualCost ?? job.cost;
  }

  /** Its deadline passed before it had started; it waited until then. */
  gaveUp(job: SimulatedJob): void {
    this.late[job.class]++;
    this.waited(job, job.deadlineMs! - job.atMs);
  }

  /** How fairly the last hour's service was shared: 1 when every tenant got its max-min fair part of it. */
  hourPassed(): void {
    const hours = [...this.tenants.values()];
    const demands = hours.map(({ waiting, asked }) => waiting + asked);
    const total = hours.reduce((sum, { served }) => sum + served, 0);
    const parts = maxMinShares(total, demands);
    const ratios = hours.flatMap(({ served }, i) => (parts[i]! > 0 ? Math.min(1, served / parts[i]!) : []));
    if (ratios.length > 0) this.fairness.push(jainIndex(ratios));
    for (const hour of hours) {
      hour.waiting = Math.max(0, hour.waiting + hour.asked - hour.served);
      hour.asked = 0;
      hour.served = 0;
    }
  }

  waitQuantileMs(group: string, q: number): number | undefined {
    const waits = this.waitsMs.get(group);
    if (!waits || waits.length === 0) return undefined;
    const sorted = Float64Array.from(waits).sort();
    return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  }

  get groups(): string[] {
    const classes = PRIORITY_CLASSES.filter((one) => this.waitsMs.has(one));
    const others = [...this.waitsMs.keys()].filter((group) => !classes.includes(group as PriorityClass));
    return [...classes, ...others.toSorted()];
  }

  get utilisation(): number {
    return this.wantedSeconds > 0 ? this.busySeconds / this.wantedSeconds : 1;
  }

  get meanFairness(): number {
    return this.fairness.reduce((sum, index) => sum + index, 0) / Math.max(1, this.fairness.length);
  }

  private waited(job: SimulatedJob, waitMs: number): void {
    this.wait(job.class, waitMs);
    const group = this.groupOf(job);
    if (group !== undefined) this.wait(group, waitMs);
  }

  private wait(group: string, waitMs: number): void {
    const waits = this.waitsMs.get(group);
    if (waits) waits.push(waitMs);
    else this.waitsMs.set(group, [waitMs]);
  }

  private tenant(job: SimulatedJob): TenantHour {
    let hour = this.tenants.get(job.tenant);
    if (!hour) this.tenants.set(job.tenant, (hour = { waiting: 0, asked: 0, served: 0 }));
    return hour;
  }
}

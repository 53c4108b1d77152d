import { PRIORITY_CLASSES } from '@penstock/contracts';
import { runsOn, type SimulatedJob } from '../load/simulated-job.js';
import { Fifo } from './fifo.js';
import type { Policy } from './policy.js';

/** Jobs for the same deployments, in an order of its own. */
interface Line {
  readonly size: number;
  push(job: SimulatedJob): void;
  peek(): SimulatedJob | undefined;
  shift(): SimulatedJob | undefined;
}

/**
 * What Penstock is compared with. Each keeps a line for each set of deployments, so that none is held up by work
 * for another; the lines are asked in the order of `before`.
 */
class PlainPolicy implements Policy {
  private readonly lines = new Map<string, Line>();
  private expired: SimulatedJob[] = [];

  constructor(
    readonly name: string,
    private readonly makeLine: () => Line,
    private readonly before: (a: SimulatedJob, b: SimulatedJob) => number,
  ) {}

  get size(): number {
    let size = 0;
    for (const line of this.lines.values()) size += line.size;
    return size;
  }

  offer(job: SimulatedJob): void {
    const key = runsOn(job).join(' ');
    let line = this.lines.get(key);
    if (!line) this.lines.set(key, (line = this.makeLine()));
    line.push(job);
  }

  offerAgain(job: SimulatedJob): void {
    this.offer(job);
  }

  next(canRun: (job: SimulatedJob) => boolean, nowMs: number): SimulatedJob | undefined {
    let best: { readonly line: Line; readonly job: SimulatedJob } | undefined;
    for (const line of this.lines.values()) {
      for (let late = line.peek(); late && (late.deadlineMs ?? Infinity) <= nowMs; late = line.peek()) {
        this.expired.push(line.shift()!);
      }
      const job = line.peek();
      if (!job || (best && this.before(best.job, job) <= 0) || !canRun(job)) continue;
      best = { line, job };
    }
    return best?.line.shift();
  }

  opened(): void {}

  ended(): void {}

  takeExpired(): readonly SimulatedJob[] {
    const { expired } = this;
    this.expired = [];
    return expired;
  }
}

/** The classes one after the other, each first in, first out. */
class StrictLine implements Line {
  private readonly classes = PRIORITY_CLASSES.map(() => new Fifo<SimulatedJob>());

  get size(): number {
    return this.classes.reduce((sum, line) => sum + line.size, 0);
  }

  push(job: SimulatedJob): void {
    this.classes[rank(job)]!.push(job);
  }

  peek(): SimulatedJob | undefined {
    return this.classes.find((line) => line.size > 0)?.peek();
  }

  shift(): SimulatedJob | undefined {
    return this.classes.find((line) => line.size > 0)?.shift();
  }
}

/** A job from each tenant in turn, whatever its class and cost. */
class RoundRobinLine implements Line {
  size = 0;
  private readonly ring = new Fifo<Fifo<SimulatedJob>>();
  private readonly tenants = new Map<string, Fifo<SimulatedJob>>();

  push(job: SimulatedJob): void {
    let line = this.tenants.get(job.tenant);
    if (!line) this.tenants.set(job.tenant, (line = new Fifo()));
    if (line.size === 0) this.ring.push(line);
    line.push(job);
    this.size++;
  }

  peek(): SimulatedJob | undefined {
    return this.ring.peek()?.peek();
  }

  shift(): SimulatedJob | undefined {
    const line = this.ring.shift();
    const job = line?.shift();
    if (!line || !job) return undefined;
    if (line.size > 0) this.ring.push(line);
    this.size--;
    return job;
  }
}

const rank = (job: SimulatedJob) => PRIORITY_CLASSES.indexOf(job.class);
const byArrival = (a: SimulatedJob, b: SimulatedJob) => a.atMs - b.atMs;

export const makeFifoPolicy = (): Policy => new PlainPolicy('fifo', () => new Fifo(), byArrival);

export const makeStrictPolicy = (): Policy =>
  new PlainPolicy(
    'strict',
    () => new StrictLine(),
    (a, b) => rank(a) - rank(b) || byArrival(a, b),
  );

export const makeRoundRobinPolicy = (): Policy =>
  new PlainPolicy('round robin', () => new RoundRobinLine(), byArrival);

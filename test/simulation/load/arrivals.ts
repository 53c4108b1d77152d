import type { PriorityClass } from '@penstock/contracts';
import type { Random } from '@penstock/resilience';
import type { SimulatedJob } from './simulated-job.js';

/** What the jobs of one source look like. */
export interface JobShape {
  readonly class: PriorityClass;
  readonly meanServiceMs: number;
  readonly deadlineInMs?: number;
  readonly runsOn?: readonly string[];
}

/** Tokens, and so cost, that a millisecond of service stands for. */
const COST_PER_MS = 0.1;

let made = 0;

/**
 * One job. Service times are lognormal with a shape of 0.8, as answers of language models are: many short, a few
 * five times the mean. The estimate is the caller's bound on the answer: one to four times what is used.
 */
export function makeSimulatedJob(
  tenant: string,
  atMs: number,
  shape: JobShape,
  random: Random,
): SimulatedJob {
  const serviceMs = Math.max(50, shape.meanServiceMs * Math.exp(0.8 * normal(random) - 0.32));
  const actualCost = serviceMs * COST_PER_MS;
  return {
    id: `job_${made++}`,
    tenant,
    class: shape.class,
    atMs,
    serviceMs,
    actualCost,
    cost: actualCost * (1 + 3 * random()),
    expectedMs: shape.meanServiceMs,
    ...(shape.deadlineInMs === undefined ? {} : { deadlineMs: atMs + shape.deadlineInMs }),
    ...(shape.runsOn && { runsOn: shape.runsOn }),
  };
}

/** Jobs that come by chance at a rate that may change with time, each from one of the tenants. */
export function* poissonArrivals(options: {
  readonly tenants: readonly string[];
  readonly perSecond: (atMs: number) => number;
  /** The highest that `perSecond` ever says. */
  readonly peakPerSecond: number;
  readonly untilMs: number;
  readonly shape: JobShape;
  readonly random: Random;
}): Generator<SimulatedJob> {
  const { tenants, perSecond, peakPerSecond, untilMs, shape, random } = options;
  for (let atMs = 0; ;) {
    atMs += (-Math.log(1 - random()) / peakPerSecond) * 1_000;
    if (atMs >= untilMs) return;
    // Thinning: as many of the peak's arrivals stay as the rate at this instant asks for.
    if (random() * peakPerSecond >= perSecond(atMs)) continue;
    yield makeSimulatedJob(tenants[Math.floor(random() * tenants.length)]!, atMs, shape, random);
  }
}

/** A backlog that is all there at one instant. */
export function* backlog(
  tenant: string,
  count: number,
  atMs: number,
  shape: JobShape,
  random: Random,
): Generator<SimulatedJob> {
  for (let i = 0; i < count; i++) yield makeSimulatedJob(tenant, atMs, shape, random);
}

/** Several sources as one, in order of time. */
export function* inOrder(...sources: Generator<SimulatedJob>[]): Generator<SimulatedJob> {
  const heads = sources.map((source) => ({ source, next: source.next() }));
  for (;;) {
    let first: (typeof heads)[number] | undefined;
    for (const head of heads) {
      if (head.next.done) continue;
      if (!first || head.next.value.atMs < (first.next.value as SimulatedJob).atMs) first = head;
    }
    if (!first) return;
    yield first.next.value as SimulatedJob;
    first.next = first.source.next();
  }
}

/** Names `prefix-0` … */
export function tenantsNamed(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
}

/** A standard normal number, by Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

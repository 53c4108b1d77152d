import type {
  BreakerState,
  CallCount,
  DeploymentFigures,
  DeploymentHealth,
  HealthWindow,
  Percentiles,
  SampledPercentiles,
  WorkerFigures,
  WorkerHeartbeat,
} from '@penstock/contracts';
import { isAtHand, type DeploymentState } from '../candidates/deployment-state.js';

/** A worker that was not heard of for so long says nothing any more about breakers and slots. */
const SILENT_MS = 3_500;

/** What a worker saw stays true for a while after it is gone. */
const REMEMBERED_MS = 300_000;

/** So many calls in 30 seconds, and such a share of them failed: more than bad luck. */
const DEGRADED = { calls: 5, share: 0.3 };

/** All that is known of a deployment now, all workers together. */
export interface DeploymentReport extends DeploymentState {
  /** Calls that may run at the same time, and those that do. */
  readonly slots: number;
  readonly running: number;
  /** Milliseconds of whole calls over five minutes. */
  readonly callMs?: Percentiles;
  readonly calls: Readonly<Record<HealthWindow, CallCount>>;
}

interface Heard<T> {
  readonly atMs: number;
  readonly said: T;
}

/** What is known of one deployment, worker by worker. */
interface Entry {
  readonly health: Map<string, Heard<DeploymentHealth>>;
  readonly figures: Map<string, Heard<DeploymentFigures>>;
  report: DeploymentReport;
  readAtMs: number;
}

/**
 * How deployments are, from what workers tell of them every second. A plain book: it is given the instant, and each
 * process that wants to know keeps one. Percentiles of several workers are averaged by their number of calls: as they
 * call the same provider, that is close to the percentile of all calls.
 */
export class HealthBook {
  private readonly entries = new Map<string, Entry>();

  /** Takes in how a worker is. Returns the deployments that can be called now and could not before, or the other way. */
  heard({ worker, draining, deployments }: WorkerHeartbeat, nowMs: number): string[] {
    const changed: string[] = [];
    for (const health of deployments) {
      const entry = this.entry(health.deployment);
      const before = isAtHand(this.report(health.deployment, nowMs), nowMs);
      if (draining) entry.health.delete(worker);
      else entry.health.set(worker, { atMs: nowMs, said: health });
      entry.readAtMs = -Infinity;
      if (isAtHand(this.report(health.deployment, nowMs), nowMs) !== before) changed.push(health.deployment);
    }
    return changed;
  }

  /** Takes in how calls went lately. */
  told({ worker, deployments }: WorkerFigures, nowMs: number): void {
    for (const figures of deployments) {
      const entry = this.entry(figures.deployment);
      entry.figures.set(worker, { atMs: nowMs, said: figures });
      entry.readAtMs = -Infinity;
    }
  }

  /** How a deployment is. One that nobody has told of is taken to be well and idle. */
  report(deployment: string, nowMs: number): DeploymentReport {
    const entry = this.entries.get(deployment);
    if (!entry) return UNKNOWN_REPORT;
    // Made anew when something is heard, and often enough to notice silence.
    if (nowMs - entry.readAtMs >= 1_000) {
      entry.report = read(entry, nowMs);
      entry.readAtMs = nowMs;
    }
    return entry.report;
  }

  private entry(deployment: string): Entry {
    let entry = this.entries.get(deployment);
    if (!entry) {
      entry = { health: new Map(), figures: new Map(), report: UNKNOWN_REPORT, readAtMs: -Infinity };
      this.entries.set(deployment, entry);
    }
    return entry;
  }
}

function read(entry: Entry, nowMs: number): DeploymentReport {
  const health = recent(entry.health, nowMs - SILENT_MS);
  const figures = recent(entry.figures, nowMs - REMEMBERED_MS);
  const slots = health.reduce((sum, one) => sum + one.slots, 0);
  const running = health.reduce((sum, one) => sum + one.running, 0);
  const closedUntilMs = Math.min(...health.map((one) => one.closedUntilMs ?? 0));
  const calls = {
    last30s: total(figures, 'last30s'),
    last5m: total(figures, 'last5m'),
    last30m: total(figures, 'last30m'),
    last1d: total(figures, 'last1d'),
  };
  const callMs = merge(figures.map((one) => one.callMs));
  // A deployment that nobody streams from is known by its whole calls.
  const firstTokenMs = merge(figures.map((one) => one.firstTokenMs)) ?? callMs;
  const tokensPerSecond = merge(figures.map((one) => one.tokensPerSecond));
  const { calls: recentCalls, failed } = calls.last30s;
  return {
    breaker: breakerOf(health),
    degraded: recentCalls >= DEGRADED.calls && failed / recentCalls >= DEGRADED.share,
    headroom: slots > 0 ? Math.max(0, 1 - running / slots) : 1,
    slots,
    running,
    calls,
    ...(closedUntilMs > nowMs && closedUntilMs < Infinity && { closedUntilMs }),
    ...(firstTokenMs && { firstTokenMs }),
    ...(callMs && { callMs }),
    ...(tokensPerSecond && { tokensPerSecond }),
  };
}

function recent<T>(heard: Map<string, Heard<T>>, sinceMs: number): T[] {
  const said: T[] = [];
  for (const [worker, one] of heard) {
    if (one.atMs < sinceMs) heard.delete(worker);
    else said.push(one.said);
  }
  return said;
}

/** Closed if one of the workers may call it. */
function breakerOf(health: readonly DeploymentHealth[]): BreakerState {
  const states = new Set(health.map(({ breaker }) => breaker));
  if (states.size === 0 || states.has('closed')) return 'closed';
  return states.has('half_open') ? 'half_open' : 'open';
}

function total(figures: readonly DeploymentFigures[], window: HealthWindow): CallCount {
  let calls = 0;
  let failed = 0;
  for (const figure of figures) {
    calls += figure.calls[window].calls;
    failed += figure.calls[window].failed;
  }
  return { calls, failed };
}

function merge(all: readonly (SampledPercentiles | undefined)[]): Percentiles | undefined {
  const known = all.filter((one) => one !== undefined);
  const samples = known.reduce((sum, one) => sum + one.samples, 0);
  if (samples === 0) return undefined;
  const mean = (percentile: keyof Percentiles) =>
    known.reduce((sum, one) => sum + (one[percentile] * one.samples) / samples, 0);
  return { p50: mean('p50'), p75: mean('p75'), p90: mean('p90'), p99: mean('p99') };
}

const NO_CALLS: CallCount = { calls: 0, failed: 0 };

const UNKNOWN_REPORT: DeploymentReport = {
  breaker: 'closed',
  degraded: false,
  headroom: 1,
  slots: 0,
  running: 0,
  calls: { last30s: NO_CALLS, last5m: NO_CALLS, last30m: NO_CALLS, last1d: NO_CALLS },
};

import {
  failureKind,
  HEALTH_WINDOWS_MS,
  type AttemptRecord,
  type CallCount,
  type DeploymentFigures,
  type HealthWindow,
  type SampledPercentiles,
} from '@penstock/contracts';
import { RollingCount, RollingQuantiles, type Clock } from '@penstock/resilience';

/** Of fewer calls nobody can say what is slow. */
const FEWEST_CALLS = 20;

const SLOW_KEPT_MS = 1_000;

/** How calls to one deployment went lately in this worker: a few counters a call. */
export class CallFigures {
  private readonly firstTokenMs: RollingQuantiles;
  private readonly callMs: RollingQuantiles;
  private readonly tokensPerSecond: RollingQuantiles;
  private readonly slow: { [kind in 'streamed' | 'whole']?: { atMs: number; ms: number | undefined } } = {};
  private readonly windows: Readonly<Record<HealthWindow, { calls: RollingCount; failed: RollingCount }>>;

  constructor(
    private readonly deployment: string,
    private readonly clock: Clock,
  ) {
    this.firstTokenMs = new RollingQuantiles(clock);
    this.callMs = new RollingQuantiles(clock);
    this.tokensPerSecond = new RollingQuantiles(clock, { max: 100_000 });
    const counts = (window: HealthWindow) => ({
      calls: new RollingCount(clock, HEALTH_WINDOWS_MS[window]),
      failed: new RollingCount(clock, HEALTH_WINDOWS_MS[window]),
    });
    this.windows = {
      last30s: counts('last30s'),
      last5m: counts('last5m'),
      last30m: counts('last30m'),
      last1d: counts('last1d'),
    };
  }

  /** A call came to an end. One that its caller gave up, or was at fault for, says nothing of the deployment. */
  record(attempt: AttemptRecord, streamed: boolean): void {
    const kind = attempt.failure && failureKind(attempt.failure);
    if (kind === 'caller' || kind === 'ours') return;
    for (const { calls, failed } of Object.values(this.windows)) {
      calls.add();
      if (kind !== undefined) failed.add();
    }
    if (kind !== undefined) return;
    const { startedAtMs, firstByteAtMs = attempt.endedAtMs, endedAtMs, usage } = attempt;
    this.callMs.record(endedAtMs - startedAtMs);
    if (streamed) this.firstTokenMs.record(firstByteAtMs - startedAtMs);
    if (!usage || usage.outputTokens < 2) return;
    // What came before the first token is latency, where it can be told apart.
    const tookMs = Math.max(1, endedAtMs - (streamed ? firstByteAtMs : startedAtMs));
    this.tokensPerSecond.record((usage.outputTokens * 1_000) / tookMs);
  }

  /**
   * How long 95 % of the answers took to begin, streamed ones to their first token; undefined while too few are known.
   * Looked up once a second at the most.
   */
  slowMs(streamed: boolean): number | undefined {
    const nowMs = this.clock.monotonicMs();
    const known = this.slow[streamed ? 'streamed' : 'whole'];
    if (known && nowMs - known.atMs < SLOW_KEPT_MS) return known.ms;
    const quantiles = streamed ? this.firstTokenMs : this.callMs;
    const ms = quantiles.count < FEWEST_CALLS ? undefined : quantiles.quantile(0.95);
    this.slow[streamed ? 'streamed' : 'whole'] = { atMs: nowMs, ms };
    return ms;
  }

  read(): DeploymentFigures {
    const count = (window: HealthWindow): CallCount => ({
      calls: this.windows[window].calls.total,
      failed: this.windows[window].failed.total,
    });
    const firstTokenMs = percentiles(this.firstTokenMs, [0.5, 0.75, 0.9, 0.99]);
    const callMs = percentiles(this.callMs, [0.5, 0.75, 0.9, 0.99]);
    const tokensPerSecond = slowest(this.tokensPerSecond);
    return {
      deployment: this.deployment,
      calls: {
        last30s: count('last30s'),
        last5m: count('last5m'),
        last30m: count('last30m'),
        last1d: count('last1d'),
      },
      ...(firstTokenMs && { firstTokenMs }),
      ...(callMs && { callMs }),
      ...(tokensPerSecond && { tokensPerSecond }),
    };
  }
}

function percentiles(
  quantiles: RollingQuantiles,
  shares: readonly [number, number, number, number],
): SampledPercentiles | undefined {
  const [p50, p75, p90, p99] = quantiles.quantiles(shares) ?? [];
  if (p50 === undefined || p75 === undefined || p90 === undefined || p99 === undefined) return undefined;
  return { samples: quantiles.count, p50: round(p50), p75: round(p75), p90: round(p90), p99: round(p99) };
}

/** Of speeds, the tail that matters is the slow one: p90 is what 90 % of calls reach. */
function slowest(quantiles: RollingQuantiles): SampledPercentiles | undefined {
  const read = percentiles(quantiles, [0.01, 0.1, 0.25, 0.5]);
  return read && { samples: read.samples, p50: read.p99, p75: read.p90, p90: read.p75, p99: read.p50 };
}

const round = (value: number) => Math.round(value * 10) / 10;

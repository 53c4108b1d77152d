/** How calls went lately, as one worker saw it: over core NATS, a message a second at most, lost without harm. */
export interface WorkerFigures {
  readonly worker: string;
  /** Those where something has changed, and now and then all. */
  readonly deployments: readonly DeploymentFigures[];
}

export interface DeploymentFigures {
  readonly deployment: string;
  /** Milliseconds to the first token of streamed answers, over five minutes. Absent while there were none. */
  readonly firstTokenMs?: SampledPercentiles;
  /** Milliseconds of whole calls that succeeded, streamed or not, over five minutes. */
  readonly callMs?: SampledPercentiles;
  /** Output tokens a second over five minutes; p90 is what 90 % of calls reach. */
  readonly tokensPerSecond?: SampledPercentiles;
  readonly calls: Readonly<Record<HealthWindow, CallCount>>;
}

/** The windows over which calls are counted. */
export const HEALTH_WINDOWS_MS = {
  last30s: 30_000,
  last5m: 300_000,
  last30m: 1_800_000,
  last1d: 86_400_000,
} as const;

export type HealthWindow = keyof typeof HEALTH_WINDOWS_MS;

/** Calls that came to an end, and those of them that the deployment failed. The caller's own faults are neither. */
export interface CallCount {
  readonly calls: number;
  readonly failed: number;
}

export interface Percentiles {
  readonly p50: number;
  readonly p75: number;
  readonly p90: number;
  readonly p99: number;
}

export interface SampledPercentiles extends Percentiles {
  readonly samples: number;
}

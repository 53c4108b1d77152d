import type { CallCount, Percentiles } from '@penstock/contracts';
import { perToken } from './model-offer.js';
import type { DeploymentProfile, DeploymentReport } from '@penstock/scheduling';

/** A deployment as callers see it: what it is, what it costs, and how it is now. */
export interface EndpointView {
  /** The deployment's id: a name for `provider.order`, `only` and `ignore`. */
  readonly tag: string;
  readonly provider_name: string;
  readonly quantization: string;
  readonly region: string | null;
  readonly context_length: number | null;
  /** US dollars per token, as decimal text. */
  readonly pricing: {
    readonly prompt: string;
    readonly completion: string;
    readonly input_cache_read: string;
    readonly input_cache_write: string;
  };
  readonly breaker: DeploymentReport['breaker'];
  /** A good part of its calls failed in the last 30 seconds. */
  readonly degraded: boolean;
  /** Free slots over all slots. */
  readonly headroom: number;
  /** Milliseconds to the first token, or of whole calls where nothing is streamed. */
  readonly latency_last_5m: Percentiles | null;
  /** Tokens a second. */
  readonly throughput_last_5m: Percentiles | null;
  /** Per cent of calls that its provider did not fail; null where there were none. */
  readonly uptime_last_5m: number | null;
  readonly uptime_last_30m: number | null;
  readonly uptime_last_1d: number | null;
}

export function endpointView(deployment: DeploymentProfile, report: DeploymentReport): EndpointView {
  const { price } = deployment;
  return {
    tag: deployment.id,
    provider_name: deployment.provider,
    quantization: deployment.quantization ?? 'unknown',
    region: deployment.region ?? null,
    context_length: deployment.contextTokens ?? null,
    pricing: {
      prompt: perToken(price.input),
      completion: perToken(price.output),
      input_cache_read: perToken(price.cachedInput ?? price.input),
      input_cache_write: perToken(price.cacheWrite ?? price.input),
    },
    breaker: report.breaker,
    degraded: report.degraded,
    headroom: Math.round(report.headroom * 1_000) / 1_000,
    latency_last_5m: report.firstTokenMs ?? null,
    throughput_last_5m: report.tokensPerSecond ?? null,
    uptime_last_5m: uptime(report.calls.last5m),
    uptime_last_30m: uptime(report.calls.last30m),
    uptime_last_1d: uptime(report.calls.last1d),
  };
}

function uptime({ calls, failed }: CallCount): number | null {
  return calls === 0 ? null : Math.round((1 - failed / calls) * 10_000) / 100;
}

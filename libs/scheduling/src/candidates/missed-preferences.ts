import type { Percentiles } from '@penstock/contracts';
import type { Cutoffs, ProviderPreferences } from '../preferences/routing-preferences.js';
import type { DeploymentState } from './deployment-state.js';

export type MissedPreference = 'preferred_min_throughput' | 'preferred_max_latency';

/**
 * Which of the caller's preferences a deployment misses. All stated percentiles must hold; a deployment without
 * figures misses none, because nothing is known against it.
 */
export function missedPreferences(
  state: DeploymentState,
  preferences: ProviderPreferences,
): readonly MissedPreference[] {
  const { preferred_min_throughput: least, preferred_max_latency: most } = preferences;
  const missed: MissedPreference[] = [];
  if (least !== undefined && state.tokensPerSecond) {
    if (!holds(state.tokensPerSecond, least, (figure, cutoff) => figure >= cutoff)) {
      missed.push('preferred_min_throughput');
    }
  }
  if (most !== undefined && state.firstTokenMs) {
    if (!holds(state.firstTokenMs, most, (figureMs, cutoffSeconds) => figureMs <= cutoffSeconds * 1_000)) {
      missed.push('preferred_max_latency');
    }
  }
  return missed;
}

function holds(
  figures: Percentiles,
  cutoffs: Cutoffs,
  isMet: (figure: number, cutoff: number) => boolean,
): boolean {
  const stated = typeof cutoffs === 'number' ? { p50: cutoffs } : cutoffs;
  return (['p50', 'p75', 'p90', 'p99'] as const).every((percentile) => {
    const cutoff = stated[percentile];
    return cutoff === undefined || isMet(figures[percentile], cutoff);
  });
}

import type { DeploymentState } from '../candidates/deployment-state.js';

/**
 * From when on one of the deployments may be called, as far as their providers said so: the past while one may be
 * called now. Undefined while that is not known: a breaker that is open closes when a call succeeds.
 */
export function reopensAtMs(
  runsOn: readonly string[],
  stateOf: (deployment: string) => Pick<DeploymentState, 'breaker' | 'closedUntilMs'>,
): number | undefined {
  let soonestMs: number | undefined;
  for (const deployment of runsOn) {
    const { breaker, closedUntilMs = 0 } = stateOf(deployment);
    // The one with an open breaker may be the first of all to be called again.
    if (breaker !== 'closed') return undefined;
    soonestMs = Math.min(soonestMs ?? Infinity, closedUntilMs);
  }
  return soonestMs;
}

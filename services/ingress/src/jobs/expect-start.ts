import type { Job } from '@penstock/contracts';
import { isAtHand, reopensAtMs } from '@penstock/scheduling';
import type { IngressParts } from '../ingress.parts.js';

/**
 * When a job that was just stored is expected to start, from what routers and workers tell of themselves: nobody is
 * asked. Null while that cannot be told.
 *
 * @param depth Jobs of its lane, itself and those that run counted.
 */
export function expectStart(
  {
    paces,
    health,
    routes,
    weightOf,
    clock,
  }: Pick<IngressParts, 'paces' | 'health' | 'routes' | 'weightOf' | 'clock'>,
  job: Job,
  depth: number,
): number | null {
  const nowMs = clock.nowMs();
  const plan = routes.plan(job);
  if (!plan.ok) return null;
  const { runsOn } = plan.value;
  const stateOf = (deployment: string) => health.report(deployment, nowMs);
  const running = runsOn.reduce((sum, deployment) => sum + stateOf(deployment).running, 0);
  const expectedMs = paces.expectedStartMs(
    { class: job.class, weight: weightOf(job.tenant), aheadInLane: Math.max(0, depth - 1 - running) },
    nowMs,
  );
  if (expectedMs === undefined) return null;
  if (runsOn.some((deployment) => isAtHand(stateOf(deployment), nowMs))) return expectedMs;
  const reopensMs = reopensAtMs(runsOn, stateOf);
  return reopensMs === undefined ? null : expectedMs - nowMs + reopensMs;
}

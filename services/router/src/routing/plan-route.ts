import type { Job, Read } from '@penstock/contracts';
import { narrowPlan, needsOf, rankCandidates, type Ranking, type RoutePlan } from '@penstock/scheduling';
import type { RouterParts } from '../dispatch/router-parts.js';

type RankingParts = Pick<RouterParts, 'models' | 'states' | 'random' | 'clock'>;

/** Where a job may run. One that must not fall back keeps to its first choice: the deployment it was tried on, if any. */
export function planRoute(parts: RankingParts, job: Job): Read<RoutePlan> {
  const planned = parts.models.plan(job);
  if (!planned.ok) return planned;
  const { provider } = planned.value.preferences;
  if (provider?.allow_fallbacks !== false || provider.order) return planned;
  const tried = job.attempts[0]?.deployment;
  const first = tried ?? rankJob(parts, job, planned.value).candidates[0]?.deployment.id;
  return first === undefined ? planned : { ok: true, value: narrowPlan(planned.value, [first]) };
}

/** The candidates of a job's plan as they are now, the one to try first in front. */
export function rankJob({ states, random, clock }: RankingParts, job: Job, plan: RoutePlan): Ranking {
  return rankCandidates(
    {
      job: job.id,
      needs: needsOf(job),
      preferences: plan.preferences,
      routes: plan.routes,
      stateOf: states.of,
      nowMs: clock.nowMs(),
    },
    random,
    plan.screening,
  );
}

import type { HedgeTerms, Job } from '@penstock/contracts';
import { isAvailable } from '../candidates/deployment-state.js';
import type { RankedCandidate } from '../candidates/rank-candidates.js';
import type { RoutingPreferences } from '../preferences/routing-preferences.js';
import type { HedgePolicy } from './hedge-policy.js';

/** A job on its way to a worker. */
export interface HedgeableJob {
  readonly job: Pick<Job, 'class' | 'replySubject' | 'attempts'>;
  readonly policy: HedgePolicy;
  readonly preferences: RoutingPreferences;
  /** Where the job may run, the best place first, and the one of them that it goes to. */
  readonly candidates: readonly RankedCandidate[];
  readonly taken: RankedCandidate;
  /** Attempts that the job is allowed. A hedge is one of them. */
  readonly attemptsAllowed: number;
  readonly nowMs: number;
}

/** Places that a worker is told of. More would have no room either. */
const MOST_PLACES = 3;

/**
 * Whether the attempt that is about to be made may be hedged, and how; undefined when not. Only where somebody waits
 * for an interactive job, only with two attempts left, and only on deployments that serve the same model: another model
 * is for when this one has failed.
 */
export function hedgeTerms(hedgeable: HedgeableJob): HedgeTerms | undefined {
  const { job, policy, preferences, candidates, taken, attemptsAllowed, nowMs } = hedgeable;
  const wish = preferences.provider?.hedge;
  if (!(wish ?? (policy.when ?? 'always') === 'always') || policy.budget <= 0) return undefined;
  if (job.class !== 'interactive' || job.replySubject === undefined) return undefined;
  if (job.attempts.length + 2 > attemptsAllowed) return undefined;
  const to = candidates
    .filter((one) => one.model === taken.model && one.deployment.id !== taken.deployment.id)
    .filter((one) => isAvailable(one.state, nowMs))
    .map((one) => one.deployment.id)
    .slice(0, MOST_PLACES);
  if (to.length === 0) return undefined;
  const afterMs = typeof wish === 'object' ? wish.after_ms : policy.afterMs;
  return { to, share: policy.budget, ...(afterMs !== undefined && { afterMs }) };
}

import type { Random } from '@penstock/resilience';
import type { Strategy } from '../preferences/routing-preferences.js';
import { byAffinity, hashToUnit } from '../strategies/by-affinity.js';
import type { LiveCandidate, OrderContext } from '../strategies/order.js';
import { ORDERS, strategyOfSort } from '../strategies/strategies.js';
import { isNamed } from './deployment-profile.js';
import { isAvailable, type DeploymentState } from './deployment-state.js';
import { missedPreferences, type MissedPreference } from './missed-preferences.js';
import {
  screenCandidates,
  type ModelRoute,
  type Removal,
  type RoutingRequest,
  type Screening,
} from './screen-candidates.js';

export interface RankingRequest extends RoutingRequest {
  readonly job: string;
  readonly stateOf: (deployment: string) => DeploymentState;
  readonly nowMs: number;
}

export interface RankedCandidate extends LiveCandidate {
  readonly strategy: Strategy;
  /** Why it stands further back than its strategy would have put it. */
  readonly pushedBack: readonly (MissedPreference | 'unavailable')[];
}

export interface Ranking {
  /** Where the job may run, the one to try first in front. */
  readonly candidates: readonly RankedCandidate[];
  readonly removed: readonly Removal[];
}

/**
 * Where a job may run and in which order.
 *
 * Constraints remove; everything else orders. The models stand in the caller's order, unless it sorts over all
 * of them; within a model the strategy orders, then, each outranking the one before: affinity of a conversation,
 * canary, preferred figures, `provider.order`, and last of all availability. A deployment that cannot be used now
 * stays in the list, at the back, because it is still a place to wait for.
 *
 * @param screening What `screenCandidates` said about the same request, when it is known already.
 */
export function rankCandidates(
  request: RankingRequest,
  random: Random,
  screening: Screening = screenCandidates(request),
): Ranking {
  const context: OrderContext = { needs: request.needs, random };
  const candidates = groups(request, screening).flatMap(({ route, live }) =>
    rankGroup(request, route, live, context),
  );
  const provider = request.preferences.provider;
  if (provider?.allow_fallbacks !== false || provider.order) {
    return { candidates, removed: screening.removed };
  }
  const rest = candidates.slice(1).map(({ model, deployment }) => ({
    model,
    deployment: deployment.id,
    constraint: 'allow_fallbacks' as const,
  }));
  return { candidates: candidates.slice(0, 1), removed: [...screening.removed, ...rest] };
}

interface Group {
  readonly route: ModelRoute;
  readonly live: readonly LiveCandidate[];
}

function groups({ preferences, routes, stateOf }: RankingRequest, { allowed }: Screening): Group[] {
  const live = allowed.map((one) => ({ ...one, state: stateOf(one.deployment.id) }));
  const sort = preferences.provider?.sort;
  if (typeof sort === 'object' && sort.partition === 'none' && routes[0]) return [{ route: routes[0], live }];
  return routes.map((route) => ({ route, live: live.filter(({ model }) => model === route.model) }));
}

function rankGroup(
  { job, preferences, nowMs }: RankingRequest,
  route: ModelRoute,
  live: readonly LiveCandidate[],
  context: OrderContext,
): RankedCandidate[] {
  const provider = preferences.provider ?? {};
  const conversation = preferences.session_id;
  const strategy = provider.sort ? strategyOfSort(provider.sort) : (preferences.strategy ?? route.strategy);
  const available = ({ state }: LiveCandidate) => isAvailable(state, nowMs);

  let order = ORDERS[strategy](live, context);
  if (conversation !== undefined) order = byAffinity(order, conversation, available);
  order = withCanary(order, route.canary, conversation ?? job);
  const ranked = order.map((one) => {
    const missed = missedPreferences(one.state, provider);
    return { ...one, strategy, pushedBack: available(one) ? missed : [...missed, 'unavailable' as const] };
  });
  const place = ({ deployment }: RankedCandidate) => {
    const named = provider.order?.findIndex((name) => isNamed(deployment, name)) ?? -1;
    return named >= 0 ? named : Number.MAX_SAFE_INTEGER;
  };
  const missed = ({ pushedBack }: RankedCandidate) => pushedBack.some((why) => why !== 'unavailable');
  return ranked
    .sort((a, b) => Number(missed(a)) - Number(missed(b)))
    .sort((a, b) => place(a) - place(b))
    .sort((a, b) => Number(!available(a)) - Number(!available(b)));
}

/** The share of jobs that the canary is for, by hash so that a job's next attempt and every router agree. */
function withCanary(
  order: readonly LiveCandidate[],
  canary: ModelRoute['canary'],
  key: string,
): LiveCandidate[] {
  const bird = canary && order.find(({ deployment }) => deployment.id === canary.deployment);
  if (!bird) return [...order];
  const rest = order.filter((one) => one !== bird);
  return hashToUnit(`canary ${key}`) * 100 < canary.percent ? [bird, ...rest] : [...rest, bird];
}

import type { DeploymentState } from './deployment-state.js';
import type { RankedCandidate } from './rank-candidates.js';
import type { Removal } from './screen-candidates.js';

/**
 * Why a deployment was not taken for a job: the constraint that removed it; `no_room`; `breaker_open`,
 * `asked_to_wait` and `degraded` for one that could not, or should not, be called; `not_needed` for one that stands
 * behind the one that was taken; `behind_full_model` for one of a model that is only for when those before it fail.
 */
export type SkipReason =
  | Removal['constraint']
  | 'no_room'
  | 'breaker_open'
  | 'asked_to_wait'
  | 'degraded'
  | 'not_needed'
  | 'behind_full_model';

export type Skipped = Readonly<Record<string, SkipReason>>;

/** Why each deployment but the one that was taken was not: undefined where there is no other. */
export function skipReasons(
  candidates: readonly RankedCandidate[],
  removed: readonly Removal[],
  taken: RankedCandidate | undefined,
  nowMs: number,
  keepsModels: boolean,
): Skipped | undefined {
  const skipped: Record<string, SkipReason> = {};
  for (const { deployment, constraint } of removed) skipped[deployment] = constraint;
  let passed = false;
  for (const candidate of candidates) {
    if (candidate === taken) {
      passed = true;
      continue;
    }
    const { id } = candidate.deployment;
    const why = reasonOf(candidate.state, nowMs);
    const waitsBehind = keepsModels && !taken && candidate.model !== candidates[0]!.model;
    if (waitsBehind && why === 'no_room') skipped[id] = 'behind_full_model';
    else if (!passed || why !== 'no_room') skipped[id] ??= why;
    else skipped[id] ??= 'not_needed';
  }
  if (taken) delete skipped[taken.deployment.id];
  return Object.keys(skipped).length > 0 ? skipped : undefined;
}

function reasonOf(state: DeploymentState, nowMs: number): SkipReason {
  if (state.breaker !== 'closed') return 'breaker_open';
  if ((state.closedUntilMs ?? 0) > nowMs) return 'asked_to_wait';
  return state.degraded ? 'degraded' : 'no_room';
}

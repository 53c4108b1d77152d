import { isAtHand } from './deployment-state.js';
import type { RankedCandidate } from './rank-candidates.js';

/** The candidate that a job goes to, and what `take` said of it. */
export interface Choice<P> {
  readonly candidate: RankedCandidate;
  readonly pick: P;
}

/**
 * The first candidate that has room. A model that is only full is waited for: the models behind it are for when its
 * deployments cannot be called, not for when they are busy.
 *
 * @param take Takes room at a deployment, or says that there is none.
 * @param keepsModels Whether the candidates stand model by model, in the caller's order.
 */
export function chooseCandidate<P>(
  candidates: readonly RankedCandidate[],
  take: (deployment: string) => P | undefined,
  nowMs: number,
  keepsModels: boolean,
): Choice<P> | undefined {
  let awaited: string | undefined;
  for (const candidate of candidates) {
    if (awaited !== undefined && candidate.model !== awaited) return undefined;
    const pick = take(candidate.deployment.id);
    if (pick !== undefined) return { candidate, pick };
    if (keepsModels && isAtHand(candidate.state, nowMs)) awaited = candidate.model;
  }
  return undefined;
}

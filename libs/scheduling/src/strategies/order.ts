import type { Random } from '@penstock/resilience';
import type { Candidate } from '../candidates/screen-candidates.js';
import type { DeploymentState } from '../candidates/deployment-state.js';
import type { JobNeeds } from '../candidates/job-needs.js';

/** A candidate beside how it is now. */
export interface LiveCandidate extends Candidate {
  readonly state: DeploymentState;
}

export interface OrderContext {
  readonly needs: JobNeeds;
  readonly random: Random;
}

/** Puts candidates in order, the one to try first in front. Neither adds nor drops any. */
export type Order = (candidates: readonly LiveCandidate[], context: OrderContext) => LiveCandidate[];

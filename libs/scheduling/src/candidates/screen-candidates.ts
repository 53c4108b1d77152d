import { refusal, type Refusal } from '@penstock/contracts';
import type { RoutingPreferences, Strategy } from '../preferences/routing-preferences.js';
import { failedConstraint, type ConstraintName } from './constraints.js';
import type { DeploymentProfile } from './deployment-profile.js';
import type { DataPolicy, JobNeeds } from './job-needs.js';

/** A model and where it may run, as configured. */
export interface ModelRoute {
  readonly model: string;
  readonly strategy: Strategy;
  /** In the order of the configuration. */
  readonly deployments: readonly DeploymentProfile[];
  /** Conversations are made to fit before they are sent. */
  readonly trims?: boolean;
  /** Sends this share of jobs to the deployment first, and the others there last. */
  readonly canary?: { readonly deployment: string; readonly percent: number };
}

export interface RoutingRequest {
  readonly needs: JobNeeds;
  readonly preferences: RoutingPreferences;
  readonly policy?: DataPolicy;
  /** The model asked for, then those to fall back to. */
  readonly routes: readonly ModelRoute[];
}

export interface Candidate {
  readonly model: string;
  readonly deployment: DeploymentProfile;
}

/** A deployment that may not run the job, and why. */
export interface Removal {
  readonly model: string;
  readonly deployment: string;
  readonly constraint: ConstraintName | 'allow_fallbacks';
}

export interface Screening {
  /** In the order of the routes and of their configuration. */
  readonly allowed: readonly Candidate[];
  readonly removed: readonly Removal[];
}

/** Which deployments may run a job at all. Does not depend on how they are now, so it holds while the job waits. */
export function screenCandidates(request: RoutingRequest): Screening {
  const context = {
    needs: request.needs,
    preferences: request.preferences.provider ?? {},
    policy: request.policy ?? {},
  };
  const allowed: Candidate[] = [];
  const removed: Removal[] = [];
  for (const { model, deployments, trims } of request.routes) {
    const here = trims || request.needs.trims ? { ...context, trims: true } : context;
    for (const deployment of deployments) {
      const constraint = failedConstraint(deployment, here);
      if (constraint) removed.push({ model, deployment: deployment.id, constraint });
      else allowed.push({ model, deployment });
    }
  }
  return { allowed, removed };
}

/** The refusal of a job that no deployment may run; says which constraint removed which. */
export function noCandidateRefusal(model: string, removed: readonly Removal[]): Refusal {
  const reasons = removed.map((one) => `${one.deployment} by ${one.constraint}`).join(', ');
  const [first] = removed;
  const sameEverywhere = first && removed.every((one) => one.constraint === first.constraint);
  return refusal('unprocessable', {
    message: reasons
      ? `No deployment of ${model} is left: removed ${reasons}.`
      : `The model ${model} has no deployment.`,
    ...(sameEverywhere ? { param: paramOf(first.constraint) } : {}),
  });
}

/** The field that a caller can change about it. */
function paramOf(constraint: Removal['constraint']): string {
  switch (constraint) {
    case 'tools':
      return 'tools';
    case 'vision':
      return 'messages';
    case 'json_schema':
      return 'response_format';
    case 'context_length':
      return 'max_tokens';
    case 'region':
      return 'model';
    default:
      return `provider.${constraint}`;
  }
}

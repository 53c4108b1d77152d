import type { ProviderPreferences } from '../preferences/routing-preferences.js';
import { isNamed, type DeploymentProfile } from './deployment-profile.js';
import type { DataPolicy, JobNeeds } from './job-needs.js';

export interface ConstraintContext {
  readonly needs: JobNeeds;
  readonly preferences: ProviderPreferences;
  readonly policy: DataPolicy;
  /** The conversation is made to fit before it is sent. */
  readonly trims?: boolean;
}

type Constraint = (deployment: DeploymentProfile, context: ConstraintContext) => boolean;

/**
 * Every reason for which a deployment may not run a job at all, in the order they are looked at. Each says
 * whether the deployment passes. Health and load are no constraints: they only put a deployment further back.
 */
export const CONSTRAINTS = {
  only: (deployment, { preferences: { only } }) => !only || only.some((name) => isNamed(deployment, name)),
  ignore: (deployment, { preferences: { ignore } }) => !ignore?.some((name) => isNamed(deployment, name)),
  order: (deployment, { preferences: { order, allow_fallbacks } }) =>
    allow_fallbacks !== false || !order || order.some((name) => isNamed(deployment, name)),
  region: (deployment, { policy: { regions } }) =>
    !regions || (deployment.region !== undefined && regions.includes(deployment.region)),
  zdr: (deployment, { preferences, policy }) =>
    !(preferences.zdr || policy.zeroRetention) || deployment.terms?.keepsNothing === true,
  data_collection: (deployment, { preferences, policy }) =>
    !(preferences.data_collection === 'deny' || policy.noTraining) ||
    deployment.terms?.doesNotTrain === true ||
    deployment.terms?.keepsNothing === true,
  enforce_distillable_text: (deployment, { preferences }) =>
    !preferences.enforce_distillable_text || deployment.terms?.outputMayTrain === true,
  tools: (deployment, { needs }) => !needs.tools || deployment.capabilities?.tools !== false,
  vision: (deployment, { needs }) => !needs.vision || deployment.capabilities?.vision !== false,
  json_schema: (deployment, { needs }) => !needs.jsonSchema || deployment.capabilities?.jsonSchema !== false,
  require_parameters: (deployment, { needs, preferences }) => {
    const supported = deployment.capabilities?.parameters;
    if (!preferences.require_parameters || !supported) return true;
    return (needs.parameters ?? []).every((parameter) => supported.includes(parameter));
  },
  context_length: ({ contextTokens }, { needs, trims }) =>
    contextTokens === undefined ||
    (trims ? needs.outputTokens < contextTokens : needs.inputTokens + needs.outputTokens <= contextTokens),
  quantizations: (deployment, { preferences: { quantizations } }) =>
    !quantizations || quantizations.includes(deployment.quantization ?? 'unknown'),
  max_price: ({ price, surcharge }, { preferences: { max_price: max } }) =>
    !max ||
    (price.input <= (max.prompt ?? Infinity) &&
      price.output <= (max.completion ?? Infinity) &&
      (surcharge?.request ?? 0) <= (max.request ?? Infinity) &&
      (surcharge?.image ?? 0) <= (max.image ?? Infinity)),
} as const satisfies Record<string, Constraint>;

export type ConstraintName = keyof typeof CONSTRAINTS;

const NAMES = Object.keys(CONSTRAINTS) as ConstraintName[];

/** The first constraint that the deployment does not pass, or undefined when it may run the job. */
export function failedConstraint(
  deployment: DeploymentProfile,
  context: ConstraintContext,
): ConstraintName | undefined {
  return NAMES.find((name) => !CONSTRAINTS[name](deployment, context));
}

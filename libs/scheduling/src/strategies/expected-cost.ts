import type { DeploymentProfile } from '../candidates/deployment-profile.js';
import type { JobNeeds } from '../candidates/job-needs.js';

/** What a job is expected to cost on a deployment, in millionths of a US dollar. */
export function expectedCostMicroUsd({ price, surcharge }: DeploymentProfile, needs: JobNeeds): number {
  return (
    price.input * needs.inputTokens +
    price.output * needs.outputTokens +
    1_000_000 * (surcharge?.request ?? 0)
  );
}

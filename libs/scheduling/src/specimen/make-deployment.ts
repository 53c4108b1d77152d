import type { DeploymentProfile } from '../candidates/deployment-profile.js';
import { UNKNOWN_STATE, type DeploymentState } from '../candidates/deployment-state.js';
import type { RankingRequest } from '../candidates/rank-candidates.js';
import type { ModelRoute } from '../candidates/screen-candidates.js';

/** A deployment for specs: `provider/name`, one dollar a million tokens each way, no limits, no promises. */
export function makeDeployment(id: string, more: Partial<DeploymentProfile> = {}): DeploymentProfile {
  return {
    id,
    provider: id.split('/')[0]!,
    upstreamModel: id,
    price: { input: 1, output: 1 },
    limits: {},
    ...more,
  };
}

export function makeRoute(
  deployments: readonly DeploymentProfile[],
  more: Partial<ModelRoute> = {},
): ModelRoute {
  return { model: 'small', strategy: 'ordered', deployments, ...more };
}

export function makeRequest(
  routes: readonly ModelRoute[],
  more: Partial<RankingRequest> & { states?: Record<string, Partial<DeploymentState>> } = {},
): RankingRequest {
  const { states = {}, ...rest } = more;
  return {
    job: 'job_1',
    needs: { inputTokens: 1_000, outputTokens: 1_000 },
    preferences: {},
    routes,
    stateOf: (deployment) => ({ ...UNKNOWN_STATE, ...states[deployment] }),
    nowMs: 0,
    ...rest,
  };
}

import type { Problem } from '../problem.js';
import type { Config, ParsedConfig } from '../schema/config-schema.js';
import { findKnownModel } from './find-model.js';

/**
 * Fills in what the catalogue knows of the deployments' models and the configuration does not say: price, context,
 * what the model can do. What the configuration says stands. A price that nobody says is a problem: a deployment
 * without one would cost nothing in the ledger.
 */
export function completeDeployments(parsed: ParsedConfig): {
  readonly config: Config;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const deployments = parsed.deployments.map((deployment, at) => {
    const { adapter } = parsed.providers[deployment.provider] ?? {};
    const known = adapter === undefined ? undefined : findKnownModel(adapter, deployment.upstreamModel);
    const price = deployment.price ?? known?.price;
    if (!price) {
      const message = `is missing, and the catalogue knows none for ${deployment.upstreamModel}: write { input, output }, 0 for what is free`;
      problems.push({ path: ['deployments', at, 'price'], message });
    }
    const contextTokens = deployment.contextTokens ?? known?.contextTokens;
    const capabilities = { ...known?.capabilities, ...deployment.capabilities };
    return {
      ...deployment,
      price: price ?? { input: 0, output: 0 },
      ...(contextTokens !== undefined && { contextTokens }),
      ...(known?.maxOutputTokens !== undefined && { longestAnswerTokens: known.maxOutputTokens }),
      ...(Object.keys(capabilities).length > 0 && { capabilities }),
    };
  });
  return { config: { ...parsed, deployments }, problems };
}

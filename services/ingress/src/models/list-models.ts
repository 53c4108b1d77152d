import type { ListedModel } from '../ingress.parts.js';
import type { ModelOffer } from './model-offer.js';

/** A deployment as far as a list of models needs it. */
export type OfferedDeployment = ModelOffer & { readonly id: string };

/** The models as they are listed, each with what it is at the first of its deployments. */
export function listModels(
  models: readonly (ListedModel & { readonly deployments: readonly string[] })[],
  deployments: readonly OfferedDeployment[],
): ListedModel[] {
  const offers = new Map(deployments.map((deployment) => [deployment.id, deployment]));
  return models.map(({ name, maxOutputTokens, deployments: [first = ''] }) => {
    const offer = offers.get(first);
    return { name, maxOutputTokens, ...(offer && { offer }) };
  });
}

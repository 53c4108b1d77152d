import type { SimulatedModel } from '../../models/simulated-model.js';
import type { ModelCatalogue } from '../model-catalogue.js';

/** `GET /v1beta/models` and `GET /v1beta/models/{id}`. */
export const geminiModels: ModelCatalogue = {
  list: (models) => JSON.stringify({ models: models.map(describe) }),
  one: (model) => JSON.stringify(describe(model)),
};

function describe({ id, kind, contextTokens }: SimulatedModel) {
  return {
    name: `models/${id}`,
    version: '1',
    displayName: id,
    inputTokenLimit: contextTokens,
    outputTokenLimit: contextTokens,
    supportedGenerationMethods: kind === 'chat' ? ['generateContent', 'countTokens'] : [],
  };
}

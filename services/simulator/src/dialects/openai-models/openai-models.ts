import type { SimulatedModel } from '../../models/simulated-model.js';
import { MODELS_MADE_AT, type ModelCatalogue } from '../model-catalogue.js';

/** `GET /v1/models` and `GET /v1/models/{id}`. */
export const openAiModels: ModelCatalogue = {
  list: (models) => JSON.stringify({ object: 'list', data: models.map(describe) }),
  one: (model) => JSON.stringify(describe(model)),
};

function describe({ id }: SimulatedModel) {
  return { id, object: 'model', created: MODELS_MADE_AT.getTime() / 1000, owned_by: 'simulator' };
}

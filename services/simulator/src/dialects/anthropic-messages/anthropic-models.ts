import type { SimulatedModel } from '../../models/simulated-model.js';
import { MODELS_MADE_AT, type ModelCatalogue } from '../model-catalogue.js';

/** `GET /v1/models` as it is answered to those who send `anthropic-version`. All of them are on one page. */
export const anthropicModels: ModelCatalogue = {
  list: (models) =>
    JSON.stringify({
      data: models.map(describe),
      has_more: false,
      first_id: models.at(0)?.id ?? null,
      last_id: models.at(-1)?.id ?? null,
    }),
  one: (model) => JSON.stringify(describe(model)),
};

function describe({ id }: SimulatedModel) {
  return { type: 'model', id, display_name: id, created_at: MODELS_MADE_AT.toISOString() };
}

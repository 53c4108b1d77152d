import type { SimulatedModel } from '../../models/simulated-model.js';

/** The day the simulator's models were "made", in seconds: OpenAI gives each model one. */
const CREATED_AT_S = 1_767_225_600;

export function renderModelList(models: readonly SimulatedModel[]): string {
  return JSON.stringify({ object: 'list', data: models.map(describe) });
}

export function renderModel(model: SimulatedModel): string {
  return JSON.stringify(describe(model));
}

function describe(model: SimulatedModel) {
  return { id: model.id, object: 'model', created: CREATED_AT_S, owned_by: 'simulator' };
}

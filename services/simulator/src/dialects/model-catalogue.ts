import type { SimulatedModel } from '../models/simulated-model.js';

/** How a dialect tells which models there are. */
export interface ModelCatalogue {
  list(models: readonly SimulatedModel[]): string;
  one(model: SimulatedModel): string;
}

/** The day the simulator's models were "made": the dialects give each model one. */
export const MODELS_MADE_AT = new Date('2026-01-01T00:00:00Z');

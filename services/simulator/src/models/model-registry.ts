import type { Clock } from '@penstock/resilience';

import { ModelRuntime } from './model-runtime.js';
import type { ModelPatch } from './read-model.js';
import type { SimulatedModel } from './simulated-model.js';

/** The models there are, by id. */
export class ModelRegistry {
  private readonly models = new Map<string, ModelRuntime>();

  constructor(settings: readonly SimulatedModel[], seed: number, clock: Clock) {
    for (const model of settings) this.models.set(model.id, new ModelRuntime(model, seed, clock));
  }

  find(id: string): ModelRuntime | undefined {
    return this.models.get(id);
  }

  all(): ModelRuntime[] {
    return [...this.models.values()];
  }

  /** Changes what the patch names and leaves the rest. Undefined when there is no such model. */
  change(id: string, patch: ModelPatch): ModelRuntime | undefined {
    const model = this.models.get(id);
    if (!model) return undefined;
    const { settings } = model;
    model.change({
      ...settings,
      ...(patch.contextTokens !== undefined && { contextTokens: patch.contextTokens }),
      ...(patch.faults !== undefined && { faults: patch.faults }),
      latency: { ...settings.latency, ...patch.latency },
      output: { ...settings.output, ...patch.output },
      limits: { ...settings.limits, ...patch.limits },
    });
    return model;
  }
}

import type { Clock } from '@penstock/resilience';

import { ModelRuntime } from './model-runtime.js';
import type { ModelPatch } from './read-model.js';
import type { SimulatedModel } from './simulated-model.js';

/** The models there are, by id. */
export class ModelRegistry {
  private readonly models = new Map<string, ModelRuntime>();

  constructor(
    settings: readonly SimulatedModel[],
    private readonly seed: number,
    private readonly clock: Clock,
  ) {
    for (const model of settings) this.add(model);
  }

  find(id: string): ModelRuntime | undefined {
    return this.models.get(id);
  }

  all(): ModelRuntime[] {
    return [...this.models.values()];
  }

  add(settings: SimulatedModel): ModelRuntime {
    const model = new ModelRuntime(settings, this.seed, this.clock);
    this.models.set(settings.id, model);
    return model;
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

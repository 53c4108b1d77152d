import type { Deployment } from '@penstock/contracts';

/** A public model: which deployments may serve it, in the order in which they are tried. */
export interface RoutedModel {
  readonly name: string;
  readonly deployments: readonly string[];
  readonly maxOutputTokens: number;
}

/** What a router knows of the configuration. */
export class ModelCatalogue {
  private readonly models: ReadonlyMap<string, RoutedModel>;
  private readonly deployments: ReadonlyMap<string, Deployment>;
  private readonly weights: ReadonlyMap<string, number>;

  constructor(
    models: readonly RoutedModel[],
    deployments: readonly Deployment[],
    tenants: readonly { readonly id: string; readonly weight: number }[],
  ) {
    this.models = new Map(models.map((model) => [model.name, model]));
    this.deployments = new Map(deployments.map((deployment) => [deployment.id, deployment]));
    this.weights = new Map(tenants.map(({ id, weight }) => [id, weight]));
  }

  hasTenant(tenant: string): boolean {
    return this.weights.has(tenant);
  }

  weight(tenant: string): number {
    return this.weights.get(tenant) ?? 1;
  }

  /** Undefined when there is no such model. */
  maxOutputTokens(model: string): number | undefined {
    return this.models.get(model)?.maxOutputTokens;
  }

  candidates(model: string): readonly string[] {
    return this.models.get(model)?.deployments ?? [];
  }

  /** What a job is expected to cost, in micro-dollars, at the dearest deployment that may run it. Above 0. */
  estimatedCost(model: string, inputTokens: number, outputTokens: number): number {
    let cost = 0;
    for (const id of this.candidates(model)) {
      const price = this.deployments.get(id)?.price;
      if (price) cost = Math.max(cost, inputTokens * price.input + outputTokens * price.output);
    }
    return Math.max(cost, 1e-6);
  }
}

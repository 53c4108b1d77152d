import { refusal, type Job, type Read, type Refusal } from '@penstock/contracts';
import { parseRoutingPreferences, type KnownNames } from '../preferences/read-routing-preferences.js';
import type { RoutingPreferences, Strategy } from '../preferences/routing-preferences.js';
import type { HedgePolicy } from '../hedge/hedge-policy.js';
import { isNamed, type DeploymentProfile } from './deployment-profile.js';
import type { DataPolicy, JobNeeds } from './job-needs.js';
import {
  noCandidateRefusal,
  screenCandidates,
  type ModelRoute,
  type Screening,
} from './screen-candidates.js';

/** A public model, as configured. */
export interface RoutedModel {
  readonly name: string;
  /** In the order of the configuration. */
  readonly deployments: readonly string[];
  readonly maxOutputTokens: number;
  /** Default `ordered`. */
  readonly strategy?: Strategy;
  /** Most attempts a job; by default as its class has them. */
  readonly attempts?: number;
  readonly canary?: ModelRoute['canary'];
  /** Models to go to when this one fails and the request names none. */
  readonly fallbacks?: readonly string[];
  /** Whether, and how, slow attempts of interactive jobs are hedged. Default not at all. */
  readonly hedge?: HedgePolicy;
  /** Its rules, as far as routing has to know: whether one trims conversations. */
  readonly transforms?: readonly { readonly trimMessages?: unknown }[];
}

/** Where a job may run, as far as that does not change while it waits. */
export interface RoutePlan {
  readonly preferences: RoutingPreferences;
  /** The model asked for, then those to fall back to. */
  readonly routes: readonly ModelRoute[];
  readonly screening: Screening;
  /** The deployments that are left, each once. */
  readonly runsOn: readonly string[];
  /** Set where models stand in an order that is to be kept: such jobs cannot share a gate with others. */
  readonly terms?: string;
}

type PlannedJob = Pick<
  Job,
  'model' | 'routing' | 'needs' | 'estimatedInputTokens' | 'estimatedOutputTokens' | 'tenant' | 'trims'
>;

/** Routing texts whose reading is remembered. Callers send few different ones. */
const TEXTS_KEPT = 1_000;

/** The models and deployments of the configuration: what a job's routing is read and planned against. */
export class RouteCatalogue implements KnownNames {
  private readonly models: ReadonlyMap<string, RoutedModel>;
  private readonly routes: ReadonlyMap<string, ModelRoute>;
  private readonly deployments: ReadonlyMap<string, DeploymentProfile>;
  /** Plans of jobs that ask for nothing, by model: the same for all of them, up to so many tokens. */
  private readonly plain = new Map<string, { readonly plan: RoutePlan; readonly contextTokens: number }>();
  private readonly read = new Map<string, Read<RoutingPreferences>>();

  /** @param policyOf What a tenant's configuration demands of every deployment its data goes to. */
  constructor(
    models: readonly RoutedModel[],
    deployments: readonly DeploymentProfile[],
    private readonly policyOf: (tenant: string) => DataPolicy | undefined = () => undefined,
  ) {
    this.deployments = new Map(deployments.map((deployment) => [deployment.id, deployment]));
    this.models = new Map(models.map((model) => [model.name, model]));
    this.routes = new Map(models.map((model) => [model.name, this.routeOf(model)]));
    for (const { name } of models) {
      const routes = this.routesOf(name, {});
      // What any of its deployments is choosy about has to be held against each job.
      if (!routes.some((route) => route.deployments.some(isChoosy))) {
        const contexts = routes.flatMap((route) =>
          route.deployments.map(({ contextTokens }) => contextTokens ?? Infinity),
        );
        this.plain.set(name, {
          plan: this.planOf(routes, {}, NO_NEEDS, undefined),
          contextTokens: Math.min(...contexts),
        });
      }
    }
  }

  isModel(name: string): boolean {
    return this.models.has(name);
  }

  isDeployment(name: string): boolean {
    for (const deployment of this.deployments.values()) if (isNamed(deployment, name)) return true;
    return false;
  }

  model(name: string): RoutedModel | undefined {
    return this.models.get(name);
  }

  deployment(id: string): DeploymentProfile | undefined {
    return this.deployments.get(id);
  }

  /** The deployments of a model, in the order of the configuration. */
  deploymentsOf(model: string): readonly DeploymentProfile[] {
    return this.routes.get(model)?.deployments ?? [];
  }

  /** Whether a job that asks for nothing can be planned without a look at what it needs. */
  isPlain(model: string): boolean {
    return this.plain.has(model);
  }

  /** Where a job may run. The refusal of one that may run nowhere says which constraint removed which deployment. */
  plan(job: PlannedJob): Read<RoutePlan> {
    const policy = this.policyOf(job.tenant);
    const plain = job.routing === undefined && !policy ? this.plain.get(job.model) : undefined;
    if (plain && job.estimatedInputTokens + job.estimatedOutputTokens <= plain.contextTokens)
      return { ok: true, value: plain.plan };
    const preferences = job.routing === undefined ? NO_PREFERENCES : this.preferences(job.routing);
    if (!preferences.ok) return preferences;
    const routes = this.routesOf(job.model, preferences.value);
    if (routes.length === 0) return { ok: false, refusal: modelNotFound(job.model) };
    const plan = this.planOf(routes, preferences.value, needsOf(job), policy);
    if (plan.runsOn.length > 0) return { ok: true, value: plan };
    return { ok: false, refusal: noCandidateRefusal(job.model, plan.screening.removed) };
  }

  /** What a job is expected to cost, in micro-dollars, at the dearest deployment that may run it. Above 0. */
  estimatedCost(runsOn: readonly string[], { inputTokens, outputTokens }: JobNeeds): number {
    let cost = 1e-6;
    for (const id of runsOn) {
      const price = this.deployments.get(id)?.price;
      if (price) cost = Math.max(cost, inputTokens * price.input + outputTokens * price.output);
    }
    return cost;
  }

  /** What an attempt that used so much cost on its deployment, in the same unit. Above 0. */
  usedCost(
    id: string,
    { inputTokens, outputTokens }: Pick<JobNeeds, 'inputTokens' | 'outputTokens'>,
  ): number {
    return this.estimatedCost([id], { inputTokens, outputTokens });
  }

  private preferences(routing: string): Read<RoutingPreferences> {
    const known = this.read.get(routing);
    if (known) return known;
    if (this.read.size >= TEXTS_KEPT) this.read.clear();
    const preferences = parseRoutingPreferences(routing, this);
    this.read.set(routing, preferences);
    return preferences;
  }

  private routesOf(model: string, { models }: RoutingPreferences): ModelRoute[] {
    const names = new Set([model, ...(models ?? this.models.get(model)?.fallbacks ?? [])]);
    return [...names].flatMap((name) => this.routes.get(name) ?? []);
  }

  private routeOf({ name, strategy, deployments, canary, transforms }: RoutedModel): ModelRoute {
    return {
      model: name,
      strategy: strategy ?? 'ordered',
      deployments: deployments.flatMap((id) => this.deployments.get(id) ?? []),
      ...(canary && { canary }),
      ...(transforms?.some(({ trimMessages }) => trimMessages !== undefined) && { trims: true }),
    };
  }

  private planOf(
    routes: readonly ModelRoute[],
    preferences: RoutingPreferences,
    needs: JobNeeds,
    policy: DataPolicy | undefined,
  ): RoutePlan {
    const screening = screenCandidates({ routes, preferences, needs, ...(policy && { policy }) });
    return planWith({ preferences, routes }, screening);
  }
}

/** The plan of a job that may run on fewer deployments than it could. */
export function narrowPlan(plan: RoutePlan, runsOn: readonly string[]): RoutePlan {
  const { allowed, removed } = plan.screening;
  const kept = allowed.filter(({ deployment }) => runsOn.includes(deployment.id));
  return kept.length === allowed.length ? plan : planWith(plan, { allowed: kept, removed });
}

function planWith(
  { preferences, routes }: Pick<RoutePlan, 'preferences' | 'routes'>,
  screening: Screening,
): RoutePlan {
  const models = new Set(screening.allowed.map(({ model }) => model));
  return {
    preferences,
    routes,
    screening,
    runsOn: [...new Set(screening.allowed.map(({ deployment }) => deployment.id))],
    ...(models.size > 1 && !sortsOverModels(preferences) && { terms: [...models].join(' ') }),
  };
}

/** What a job asks of a deployment. */
export function needsOf(
  job: Pick<Job, 'needs' | 'estimatedInputTokens' | 'estimatedOutputTokens' | 'trims'>,
): JobNeeds {
  return {
    inputTokens: job.estimatedInputTokens,
    outputTokens: job.estimatedOutputTokens,
    ...job.needs,
    ...(job.trims && { trims: job.trims }),
  };
}

/** Whether the deployments of all models are compared with each other, instead of model by model. */
export function sortsOverModels({ provider }: RoutingPreferences): boolean {
  return typeof provider?.sort === 'object' && provider.sort.partition === 'none';
}

function isChoosy({ capabilities }: DeploymentProfile): boolean {
  return Object.values(capabilities ?? {}).some((value) => value !== true);
}

function modelNotFound(model: string): Refusal {
  return refusal('model_not_found', {
    param: 'model',
    message: `There is no model ${JSON.stringify(model)}. GET /v1/models lists those this key may use.`,
  });
}

const NO_NEEDS: JobNeeds = { inputTokens: 0, outputTokens: 0 };
const NO_PREFERENCES: Read<RoutingPreferences> = { ok: true, value: {} };

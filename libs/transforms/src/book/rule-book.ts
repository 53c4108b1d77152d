import { createHash } from 'node:crypto';
import type { Api } from '@penstock/contracts';
import { presetName, type Presets } from '../presets/preset.js';
import { trims, type Rule, type RuleTarget } from '../rules/rule.js';
import { RuleSet, type PlacedRule } from './rule-set.js';

interface Ruled {
  readonly transforms?: readonly Rule[];
}

/** Where a configuration has rules. */
export interface RuleSources {
  readonly tenants?: readonly (Ruled & { readonly id: string })[];
  readonly models?: Readonly<Record<string, Ruled>>;
  readonly providers?: Readonly<Record<string, Ruled>>;
  readonly presets?: Presets;
}

/** What rules are looked for by. */
export interface RuledCall {
  readonly api: Api;
  readonly tenant: string;
  readonly model: string;
  readonly provider: string;
  /** `name@version`. */
  readonly preset?: string;
}

/** The rules for one kind of call. What is absent has none, and its bytes are not looked at. */
export interface RulePlan {
  /** On the body in the client's dialect: the preset's, the tenant's, the model's. */
  readonly request?: RuleSet;
  /** On the body as it is sent, in the provider's dialect. */
  readonly wire?: RuleSet;
  /** On a whole answer in the client's dialect: the provider's, the model's, the tenant's, the preset's. */
  readonly answer?: RuleSet;
  /** The same on each event of a stream. */
  readonly event?: RuleSet;
}

/** Plans that are remembered. There is one for each tenant, model, provider, API and preset that meet. */
const PLANS_KEPT = 10_000;

/** All rules of a configuration. Which apply to a kind of call is worked out once. */
export class RuleBook {
  /** Whether there is any rule at all. */
  readonly isEmpty: boolean;
  /** What requests may name. */
  readonly presets: Presets;
  private readonly tenants: ReadonlyMap<string, readonly PlacedRule[]>;
  private readonly models: ReadonlyMap<string, readonly PlacedRule[]>;
  private readonly providers: ReadonlyMap<string, readonly PlacedRule[]>;
  private readonly presetRules: ReadonlyMap<string, readonly PlacedRule[]>;
  private readonly plans = new Map<string, RulePlan | undefined>();
  private readonly digests = new Map<string, string>();
  /** What all tenants share. */
  private readonly shared: string;

  constructor(sources: RuleSources) {
    const { tenants = [], models = {}, providers = {}, presets = {} } = sources;
    this.tenants = new Map(
      tenants.map(({ id, transforms }, at) => [id, placed(`tenants[${at}]`, transforms)] as const),
    );
    this.models = placedByName('models', models);
    this.providers = placedByName('providers', providers);
    this.presets = presets;
    this.presetRules = new Map(
      Object.entries(presets).flatMap(([name, { versions }]) =>
        Object.entries(versions).map(([version, { transforms }]) => {
          const place = `presets.${name}.versions.${version}`;
          return [presetName(name, version), placed(place, transforms)] as const;
        }),
      ),
    );
    this.isEmpty = [this.tenants, this.models, this.providers, this.presetRules].every((rules) =>
      [...rules.values()].every(({ length }) => length === 0),
    );
    this.shared = JSON.stringify([models, providers].map(rulesOnly));
  }

  /** Undefined: nothing is transformed. */
  planOf(call: RuledCall): RulePlan | undefined {
    if (this.isEmpty) return undefined;
    const key = JSON.stringify([call.api, call.tenant, call.model, call.provider, call.preset ?? null]);
    if (this.plans.has(key)) return this.plans.get(key);
    if (this.plans.size >= PLANS_KEPT) this.plans.clear();
    const plan = this.makePlan(call);
    this.plans.set(key, plan);
    return plan;
  }

  /** Whether the configuration has the preset's version; also true for a job without one. */
  knowsPreset(preset: string | undefined): boolean {
    return preset === undefined || this.presetRules.has(preset);
  }

  /** Whether a tenant's conversations are trimmed, whatever the model. */
  trimsFor(tenant: string): boolean {
    return trims((this.tenants.get(tenant) ?? []).map(({ rule }) => rule));
  }

  /**
   * What the answers to a tenant depend on beside its requests; undefined where no rule is. It changes with the rules,
   * so that what was answered under others is not taken for an answer.
   */
  digestOf(tenant: string, preset: string | undefined): string | undefined {
    if (this.isEmpty) return undefined;
    const key = JSON.stringify([tenant, preset ?? null]);
    const known = this.digests.get(key);
    if (known !== undefined) return known;
    if (this.digests.size >= PLANS_KEPT) this.digests.clear();
    const own = [this.tenants.get(tenant), preset === undefined ? [] : this.presetRules.get(preset)].map(
      (rules = []) => rules.map(({ rule }) => rule),
    );
    const digest = createHash('sha256')
      .update(JSON.stringify([this.shared, own]))
      .digest('base64url');
    this.digests.set(key, digest);
    return digest;
  }

  private makePlan({ api, tenant, model, provider, preset }: RuledCall): RulePlan | undefined {
    const levels = [
      preset === undefined ? [] : (this.presetRules.get(preset) ?? []),
      this.tenants.get(tenant) ?? [],
      this.models.get(model) ?? [],
    ];
    const wire = this.providers.get(provider) ?? [];
    const back = [wire, ...levels.toReversed()];
    const set = (rules: readonly (readonly PlacedRule[])[], ...targets: RuleTarget[]) => {
      const some = rules.flat().filter(({ rule }) => isFor(rule, api, targets));
      return some.length > 0 ? new RuleSet(api, some, targets[0] === 'request') : undefined;
    };
    const plan = {
      request: set(levels, 'request'),
      wire: set([wire], 'request'),
      answer: set(back, 'response', 'answer'),
      event: set(back, 'response', 'event'),
    };
    const there = Object.entries(plan).filter(([, rules]) => rules !== undefined);
    return there.length > 0 ? Object.fromEntries(there) : undefined;
  }
}

/** Of a configuration without rules. */
export const NO_RULES = new RuleBook({});

function isFor({ apis, on = 'request' }: Rule, api: Api, targets: readonly RuleTarget[]): boolean {
  return targets.includes(on) && (apis === undefined || apis.includes(api));
}

function placed(place: string, transforms: readonly Rule[] = []): PlacedRule[] {
  return transforms.map((rule, at) => ({ place: `${place}.transforms[${at}]`, rule }));
}

function placedByName(
  section: string,
  named: Readonly<Record<string, Ruled>>,
): ReadonlyMap<string, readonly PlacedRule[]> {
  return new Map(
    Object.entries(named).map(([name, { transforms }]) => [name, placed(`${section}.${name}`, transforms)]),
  );
}

function rulesOnly(named: Readonly<Record<string, Ruled>>): unknown {
  return Object.entries(named).flatMap(([name, { transforms }]) => (transforms ? [[name, transforms]] : []));
}

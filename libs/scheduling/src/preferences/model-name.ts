import type { RoutingPreferences } from './routing-preferences.js';

/** `:floor` and `:nitro` behind a model's name, as OpenRouter has them. */
const VARIANTS = { floor: 'price', nitro: 'throughput' } as const;

export interface ModelName {
  readonly model: string;
  /** What the variant says instead of `provider.sort`. */
  readonly sort?: 'price' | 'throughput';
}

/** Takes a variant off a model's name: `small:floor` is the cheapest of `small`, `small:nitro` the fastest. */
export function readModelName(name: string): ModelName {
  const colon = name.lastIndexOf(':');
  const variant = name.slice(colon + 1);
  if (colon <= 0 || !Object.hasOwn(VARIANTS, variant)) return { model: name };
  return { model: name.slice(0, colon), sort: VARIANTS[variant as keyof typeof VARIANTS] };
}

/** The preferences with what the model's variant says put in. The variant wins over `provider.sort`. */
export function withVariant(preferences: RoutingPreferences, name: ModelName): RoutingPreferences {
  if (!name.sort) return preferences;
  return { ...preferences, provider: { ...preferences.provider, sort: name.sort } };
}

import type { JsonObject, Rule } from '../rules/rule.js';

/** What a request that names a preset is served with, as far as it does not say itself. */
export interface PresetVersion {
  readonly model?: string;
  /** Instructions before the request's own. */
  readonly system?: string;
  /** Fields of the request, by dotted path, where it has none. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Routing preferences, below those of the request. */
  readonly provider?: JsonObject;
  /** Models to fall back to. */
  readonly models?: readonly string[];
  readonly transforms?: readonly Rule[];
}

export interface Preset {
  /** The version that is meant by the name alone. */
  readonly latest: string;
  readonly versions: Readonly<Record<string, PresetVersion>>;
}

/** The presets of a configuration, by name. */
export type Presets = Readonly<Record<string, Preset>>;

/** As callers write it, and as jobs carry it. */
export function presetName(name: string, version: string): string {
  return `${name}@${version}`;
}

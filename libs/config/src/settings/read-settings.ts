import type { z } from 'zod';
import { SETTINGS } from './catalogue.js';

/** What the environment says, with defaults filled in. Frozen: it is read once. */
export type Settings = {
  readonly [
    Name in keyof typeof SETTINGS as undefined extends SettingOf<Name> ? never : Name
  ]: SettingOf<Name>;
} & {
  readonly [Name in keyof typeof SETTINGS as undefined extends SettingOf<Name> ? Name : never]?: NonNullable<
    SettingOf<Name>
  >;
};

type SettingOf<Name extends keyof typeof SETTINGS> = z.output<(typeof SETTINGS)[Name]['schema']>;

/** An environment that cannot be used, with everything that is wrong with it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

const PREFIX = 'PENSTOCK_';

/**
 * Reads every `PENSTOCK_` variable. One that is unknown or bad throws a `SettingsError` that names them all; an
 * empty one counts as absent. Values are not repeated in messages: an address may hold a password.
 */
export function readSettings(env: Readonly<Record<string, string | undefined>> = process.env): Settings {
  const known = new Set<string>(Object.values(SETTINGS).map(({ variable }) => variable));
  const problems = Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.has(name))
    .map((name) => `${name} is not a setting; there are ${[...known].join(', ')}`);
  const settings: Record<string, unknown> = {};
  for (const [name, { variable, rule, schema }] of Object.entries(SETTINGS)) {
    const value = env[variable];
    const given = value === '' ? undefined : value;
    const parsed = (schema as z.ZodType).safeParse(given);
    if (parsed.success && parsed.data !== undefined) settings[name] = parsed.data;
    else if (given !== undefined) problems.push(`${variable} must be ${rule}`);
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return Object.freeze(settings) as Settings;
}

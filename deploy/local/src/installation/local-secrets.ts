import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The secrets that the local configuration refers to, by the variable it reads them from. */
const KEYS = ['ACME_KEY', 'GLOBEX_KEY', 'SIMULATOR_KEY'] as const;
const PASSWORD = 'DATABASE_PASSWORD';

export interface LocalSecrets {
  /** API keys, as the environment of the services. */
  readonly keys: Readonly<Record<string, string>>;
  readonly databasePassword: string;
}

/**
 * Makes the installation's secrets at its first start, and gives the same ones ever after. They are in the data
 * directory, for its owner only. A key that is set in `env` is used instead, and not kept.
 */
export function localSecrets(
  dataDir: string,
  env: Readonly<Record<string, string | undefined>>,
): LocalSecrets {
  const file = path.join(dataDir, 'secrets.json');
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
  const secrets: Record<string, string> = { ...kept };
  for (const name of KEYS) secrets[name] ??= `pk_${randomBytes(24).toString('hex')}`;
  secrets[PASSWORD] ??= randomBytes(24).toString('hex');
  if (Object.keys(secrets).length > Object.keys(kept).length) {
    writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  const keys = Object.fromEntries(KEYS.map((name) => [name, env[name] || (secrets[name] ?? '')]));
  return { keys, databasePassword: secrets[PASSWORD] ?? '' };
}

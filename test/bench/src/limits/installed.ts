import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readSettings } from '@penstock/config';
import { systemClock } from '@penstock/resilience';
import {
  startInstallation,
  type Installation,
  type InstallationOptions,
} from '../../../../deploy/local/src/index.js';
import type { MeasureOptions } from './measure.js';

/** An installation on throw-away data, each service a process. */
export interface Installed extends Installation {
  /** An API key of a tenant. */
  keyOf(tenant: string): string;
}

/** Runs `measure` on an installation with this configuration, and takes it down whatever comes. */
export async function installed<T>(
  { root, say }: MeasureOptions,
  options: Pick<InstallationOptions, 'replicas'> & { readonly config: string },
  measure: (installation: Installed) => Promise<T>,
): Promise<T> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'penstock-limits-'));
  const configPath = path.join(dataDir, 'penstock.yaml');
  writeFileSync(configPath, options.config);
  const { natsUrl: _, databaseUrl: __, ...settings } = readSettings();
  const installation = await startInstallation({
    settings: {
      ...settings,
      httpPort: 0,
      simulatorPort: 0,
      logLevel: 'warn',
      processes: 'each',
      configPath,
      dataDir,
    },
    env: process.env,
    root,
    clock: systemClock,
    say: (line) => say(`  ${line}`),
    throwAway: true,
    serviceEnv: { OTEL_TRACES_EXPORTER: 'none' },
    ...(options.replicas && { replicas: options.replicas }),
  });
  const keyOf = (tenant: string) =>
    installation.config.tenants.find(({ id }) => id === tenant)?.keys[0]?.secret ?? '';
  try {
    return await measure({ ...installation, keyOf });
  } finally {
    await installation.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { readSettings, type Settings } from '@penstock/config';
import { systemClock } from '@penstock/resilience';
import { startInstallation, type Installation } from '../../../../deploy/local/src/index.js';
import type { Guard } from '../machine/guard.js';
import type { Upstream } from '../upstream/start-upstream.js';
import type { Gateway } from './gateway.js';

/** Penstock as `npm start` runs it, on data of its own. */
export interface Penstock extends Gateway {
  readonly installation: Installation;
  /** Of the tenant acme. */
  readonly key: string;
  readonly processes: Settings['processes'];
}

export interface PenstockOptions {
  readonly root: string;
  readonly workDir: string;
  readonly upstream: Upstream;
  readonly guard: Guard;
  /** Where the traces go: the standard variables of OpenTelemetry. */
  readonly traceEnv: Readonly<Record<string, string | undefined>>;
  /** As PENSTOCK_SYNC_INTERVAL. Default `1s`. */
  readonly syncInterval?: string;
  /** Tenants beside acme, `lane-0` and so on, so that there are as many lanes. Default 0. */
  readonly lanes?: number;
  /** Flags of Node for every service. */
  readonly nodeFlags?: string;
}

const CONFIGURATION = 'test/bench/penstock.yaml';
const SERVERS = ['nats-server', 'postgres'];

/** As the environment says; where it says nothing, what README advises for a machine with few cores. */
export function processesToMeasure(): Settings['processes'] {
  if (process.env['PENSTOCK_PROCESSES']) return readSettings().processes;
  return availableParallelism() <= 2 ? 'few' : 'each';
}

export async function startPenstock(options: PenstockOptions): Promise<Penstock> {
  const { root, upstream, guard, traceEnv, syncInterval = '1s', lanes = 0 } = options;
  const dataDir = mkdtempSync(path.join(options.workDir, 'penstock-'));
  const configPath = path.join(dataDir, 'penstock.yaml');
  const tenants = Array.from({ length: lanes }, (_, i) => `  - { id: lane-${i} }\n`).join('');
  writeFileSync(configPath, readFileSync(path.join(root, CONFIGURATION), 'utf8') + tenants);

  const { natsUrl: _, databaseUrl: __, ...settings } = readSettings();
  const processes = processesToMeasure();
  const upstreamEnv = { BENCH_UPSTREAM_URL: new URL(upstream.after(0)).origin };
  const installation = await startInstallation({
    settings: {
      ...settings,
      httpPort: 0,
      simulatorPort: 0,
      logLevel: 'warn',
      configPath,
      dataDir,
      syncInterval,
      processes,
    },
    env: { ...process.env, ...upstreamEnv },
    root,
    clock: systemClock,
    say: () => undefined,
    throwAway: true,
    durable: true,
    serviceEnv: {
      ...upstreamEnv,
      ...traceEnv,
      ...(options.nodeFlags !== undefined && { NODE_OPTIONS: options.nodeFlags }),
    },
  });
  const services = Object.keys(installation.adminUrls);
  const pidsOf = (names: readonly string[]) => names.flatMap((name) => installation.process(name)?.pid ?? []);
  const all = [...services, ...SERVERS, 'simulator'];
  for (const pid of pidsOf(all)) guard.watch(pid);
  const key = installation.config.tenants[0]?.keys[0]?.secret ?? '';
  return {
    name: 'Penstock',
    role: 'own',
    installation,
    key,
    processes,
    target: (latencyMs) => ({
      url: `${installation.httpUrl}/v1/chat/completions`,
      headers: { authorization: `Bearer ${key}` },
      model: `after-${latencyMs}`,
    }),
    pids: () => pidsOf([...services, ...SERVERS]),
    nodePids: () => pidsOf(services),
    async stop() {
      const pids = pidsOf(all);
      await installation.stop();
      for (const pid of pids) guard.release(pid);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

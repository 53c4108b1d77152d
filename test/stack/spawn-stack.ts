import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrateDatabase } from '@penstock/persistence';
import {
  createDatabase,
  eventually,
  freePort,
  startNatsServer,
  type TestNatsServer,
} from '@penstock/testing';

const ROOT = path.resolve(import.meta.dirname, '../..');

export const SPAWNED = ['simulator', 'accounting', 'batch', 'worker', 'router', 'ingress'] as const;

export type Spawned = (typeof SPAWNED)[number];

/** All services as the processes they are, so that they can be killed. `npm test` builds them first. */
export interface SpawnedStack {
  readonly url: string;
  readonly simulatorUrl: string;
  readonly databaseUrl: string;
  readonly nats: TestNatsServer;
  readonly keys: Readonly<Record<'acme' | 'globex', string>>;
  /** SIGKILL: nothing is drained, nothing is said. */
  kill(service: Spawned): Promise<void>;
  start(service: Spawned): void;
  /** SIGSTOP: it is there and does nothing, as on a machine that is stuck. What is returned lets it go on. */
  freeze(service: Spawned): () => void;
  /** One more process of a service. What is returned ends it. */
  startAnother(service: Spawned): (signal: 'SIGKILL' | 'SIGTERM') => Promise<void>;
  close(): Promise<void>;
}

const keys = { acme: 'sk-acme-kill', globex: 'sk-globex-kill' } as const;

/** One deployment of the simulator, and both tenants. */
const smallConfig = (simulatorUrl: string) => `
providers:
  simulator: { adapter: openai, baseUrl: '${simulatorUrl}/v1', apiKey: '\${env:SIMULATOR_KEY}' }
deployments:
  - { id: simulator/small, provider: simulator, model: sim-small, price: { input: 0.15, output: 0.60 }, limits: { concurrency: 32 } }
models:
  small: { deployments: [simulator/small] }
tenants:
  - { id: acme, keys: [{ name: default, secret: '\${env:ACME_KEY}' }] }
  - { id: globex, keys: [{ name: default, secret: '\${env:GLOBEX_KEY}' }] }
`;

export async function spawnStack(
  config: (simulatorUrl: string) => string = smallConfig,
): Promise<SpawnedStack> {
  const dir = mkdtempSync(path.join(tmpdir(), 'penstock-spawned-'));
  const nats = await startNatsServer();
  const database = await createDatabase();
  await migrateDatabase({ url: database.url, applicationName: 'spawned' });
  const simulatorPort = await freePort();
  const httpPort = await freePort();
  const simulatorUrl = `http://127.0.0.1:${simulatorPort}`;
  const configPath = path.join(dir, 'penstock.yaml');
  writeFileSync(configPath, config(simulatorUrl));
  const env = {
    ...process.env,
    PENSTOCK_NATS_URL: nats.url,
    PENSTOCK_DATABASE_URL: database.url,
    PENSTOCK_CONFIG: configPath,
    PENSTOCK_HTTP_PORT: String(httpPort),
    PENSTOCK_SIMULATOR_PORT: String(simulatorPort),
    PENSTOCK_LOG_LEVEL: 'warn',
    SIMULATOR_KEY: 'sim',
    ACME_KEY: keys.acme,
    GLOBEX_KEY: keys.globex,
  };
  const log = openSync(path.join(dir, 'log'), 'a');
  const children = new Map<Spawned, ChildProcess>();
  const launch = (service: Spawned): ChildProcess => {
    const main = path.join(ROOT, 'dist/services', service, 'src/main.js');
    const args = service === 'simulator' ? ['--port', String(simulatorPort)] : [];
    return spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', log, log] });
  };
  const end = async (child: ChildProcess | undefined, signal: 'SIGKILL' | 'SIGTERM') => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  const start = (service: Spawned) => void children.set(service, launch(service));
  const kill = (service: Spawned) => end(children.get(service), 'SIGKILL');
  const freeze = (service: Spawned) => {
    const child = children.get(service);
    child?.kill('SIGSTOP');
    return () => void child?.kill('SIGCONT');
  };
  const others: ChildProcess[] = [];
  const startAnother = (service: Spawned) => {
    const child = launch(service);
    others.push(child);
    return (signal: 'SIGKILL' | 'SIGTERM') => end(child, signal);
  };
  for (const service of SPAWNED) start(service);
  const url = `http://127.0.0.1:${httpPort}`;
  const body = JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'Are you there?' }] });
  const headers = { authorization: `Bearer ${keys.acme}`, 'content-type': 'application/json' };
  await eventually(
    async () => (await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body })).ok,
    {
      timeoutMs: 60_000,
      what: `an answer (the log is ${dir}/log)`,
    },
  );
  return {
    url,
    simulatorUrl,
    databaseUrl: database.url,
    nats,
    keys,
    kill,
    start,
    freeze,
    startAnother,
    async close() {
      await Promise.all([...children.values(), ...others].map((child) => end(child, 'SIGTERM')));
      await nats.stop();
      await database.drop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

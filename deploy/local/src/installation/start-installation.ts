import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { loadConfig, type Config, type Settings } from '@penstock/config';
import type { Clock } from '@penstock/resilience';
import { freePort } from '../processes/free-port.js';
import { runCommand } from '../processes/run-command.js';
import type { ProcessSpec, RunningProcess } from '../processes/run-process.js';
import { RunRecord } from '../supervision/run-record.js';
import { supervise, type Supervised } from '../supervision/supervise.js';
import { allOf } from './all-of.js';
import { chosenPort } from './choose-ports.js';
import { localSecrets } from './local-secrets.js';
import { givenNats, ownNats } from './own-nats.js';
import { migrateOnce } from './migrate-once.js';
import { ownPostgres } from './own-postgres.js';
import { answersOk, isListening } from './probe.js';
import { localServices, nodeOptions, type LocalService, type Replicas } from './services.js';

export interface InstallationOptions {
  readonly settings: Settings;
  /** For the keys that the configuration refers to. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The checkout: where `dist` and the cache are. */
  readonly root: string;
  readonly clock: Clock;
  /** Told, in a line each, what happens. */
  readonly say: (line: string) => void;
  /** Gives up the start at the next step. */
  readonly signal?: AbortSignal;
  /** For data that nobody keeps: any free port for each server, and a Postgres that does not wait for the disk. */
  readonly throwAway?: boolean;
  /** Whether its Postgres waits for the disk all the same, as when somebody measures. Default: unless `throwAway`. */
  readonly durable?: boolean;
  /** More than one of a service, where each has a process of its own. */
  readonly replicas?: Replicas;
  /** Added to the environment of every service; `undefined` takes a variable away. */
  readonly serviceEnv?: Readonly<Record<string, string | undefined>>;
}

/** Starts a process that is kept running until the installation stops; resolves when it is ready. */
export type KeepRunning = (
  spec: ProcessSpec,
  isReady: (running: RunningProcess) => Promise<boolean>,
) => Promise<void>;

/** All of Penstock on one machine. */
export interface Installation {
  readonly httpUrl: string;
  readonly natsUrl: string;
  readonly databaseUrl: string;
  readonly simulatorUrl: string;
  readonly dataDir: string;
  readonly config: Config;
  /** Where `/healthz`, `/readyz` and `/metrics` of each service are. */
  readonly adminUrls: Readonly<Record<string, string>>;
  /** The process that now does the work of a service, `nats-server` or `postgres`; undefined when it is not ours. */
  process(name: string): RunningProcess | undefined;
  /** Drains and stops everything, in order. Safe to call twice. */
  stop(): Promise<void>;
  /** Kills everything at once. */
  kill(): void;
}

/**
 * Starts everything on one machine: servers, migrations, services, simulator; resolves when all of it is ready.
 * Rejects when some of it does not get there, with nothing left running.
 */
export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const { settings, root, clock, say, throwAway = false, durable = !throwAway } = options;
  const dataDir = path.resolve(settings.dataDir);
  mkdirSync(dataDir, { recursive: true });
  mkdirSync(path.join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
  const record = await RunRecord.open(dataDir, clock, say);
  const running = new Map<string, Supervised>();
  const services = localServices(settings.processes, options.replicas);

  const keep: KeepRunning = async (spec, isReady) => {
    options.signal?.throwIfAborted();
    const onStart = ({ pid }: RunningProcess) => record.add(spec.name, pid);
    running.set(spec.name, await supervise({ spec, isReady, clock, say, onStart }));
  };
  const stop = async () => {
    for (const { name, graceMs } of services) await running.get(name)?.stop(graceMs);
    await allOf(['nats-server', 'postgres'].map(async (name) => running.get(name)?.stop(10_000)));
    record.close();
  };

  try {
    const httpPort = await chosenPort(settings.httpPort, settings.httpHost, 'HTTP', 'PENSTOCK_HTTP_PORT');
    const simulatorPort = await chosenPort(
      settings.simulatorPort,
      '127.0.0.1',
      'the simulator',
      'PENSTOCK_SIMULATOR_PORT',
    );
    const { keys, databasePassword } = localSecrets(dataDir, options.env);
    const own = { ...keys, PENSTOCK_SIMULATOR_PORT: String(simulatorPort) };
    const configPath = path.resolve(settings.configPath);
    const config = loadConfig(configPath, { ...options.env, ...own });

    const [nats = '', database = ''] = await allOf([
      settings.natsUrl
        ? givenNats(settings.natsUrl)
        : ownNats({ settings, root, dataDir, throwAway, keep, say }),
      settings.databaseUrl
        ? Promise.resolve(settings.databaseUrl)
        : ownPostgres({ password: databasePassword, dataDir, throwAway, durable, keep, say }),
    ]);
    const environment = {
      ...own,
      PENSTOCK_HTTP_PORT: String(httpPort),
      PENSTOCK_HTTP_HOST: settings.httpHost,
      PENSTOCK_ADMIN_HOST: settings.adminHost,
      PENSTOCK_NATS_URL: nats,
      PENSTOCK_DATABASE_URL: database,
      PENSTOCK_CONFIG: configPath,
      PENSTOCK_DATA_DIR: dataDir,
      PENSTOCK_LOG_LEVEL: settings.logLevel,
      PENSTOCK_SYNC_INTERVAL: settings.syncInterval,
      // Loading is most of what a start costs.
      NODE_COMPILE_CACHE: path.join(root, '.penstock', 'cache', 'compiled'),
    };

    const migrated = migrateOnce({
      root,
      // A database of somebody else's may have been emptied meanwhile: it is looked at each time.
      stamp: settings.databaseUrl ? undefined : path.join(dataDir, 'migrated'),
      migrate: () =>
        runCommand(process.execPath, [path.join(root, 'dist/services/accounting/src/migrate.js')], {
          cwd: root,
          env: { ...process.env, ...environment },
        }),
    });
    const adminUrls: Record<string, string> = {};
    const startService = async ({ name, entry, keepsRows }: LocalService) => {
      if (keepsRows) await migrated;
      const adminPort = await freePort();
      const isSimulator = name === 'simulator';
      if (!isSimulator) adminUrls[name] = `http://${settings.adminHost}:${adminPort}`;
      const spec: ProcessSpec = {
        name,
        command: process.execPath,
        args: [path.join(root, 'dist', entry), ...(isSimulator ? ['--port', String(simulatorPort)] : [])],
        cwd: root,
        env: {
          ...options.serviceEnv,
          ...environment,
          PENSTOCK_ADMIN_PORT: String(adminPort),
          NODE_OPTIONS: nodeOptions(options.serviceEnv?.['NODE_OPTIONS'] ?? process.env['NODE_OPTIONS']),
          // An arena of glibc for each thread of a pool holds on to memory that no other thread can use.
          MALLOC_ARENA_MAX: process.env['MALLOC_ARENA_MAX'] ?? '2',
        },
        logFile: path.join(dataDir, 'logs', `${name}.log`),
      };
      await keep(spec, () =>
        isSimulator ? isListening(simulatorPort) : answersOk(`${adminUrls[name]}/readyz`),
      );
    };
    await allOf(services.map(startService));

    return {
      httpUrl: `http://${settings.httpHost}:${httpPort}`,
      natsUrl: nats,
      databaseUrl: database,
      simulatorUrl: `http://127.0.0.1:${simulatorPort}`,
      dataDir,
      config,
      adminUrls,
      process: (name) => running.get(name)?.current(),
      stop,
      kill: () => {
        for (const one of running.values()) one.kill();
        record.close();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

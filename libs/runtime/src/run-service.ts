import { randomBytes } from 'node:crypto';
import {
  ConfigError,
  loadConfig,
  readSettings,
  SettingsError,
  type Config,
  type Settings,
} from '@penstock/config';
import { ensureTopology, openConnection, UnfitServerError, type Connection } from '@penstock/messaging';
import { idMaker, sleep, systemClock, type Clock, type MakeId, type Random } from '@penstock/resilience';
import { startAdminServer, startTelemetry, type ReadinessCheck, type Telemetry } from '@penstock/telemetry';
import { secretsOf } from './secrets.js';

/** What every service is started with. */
export interface ServiceContext {
  readonly settings: Settings;
  readonly config: Config;
  /** Connected, with every stream in place; again after every reconnect. */
  readonly connection: Connection;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly random: Random;
  readonly makeId: MakeId;
  /** This process among those of its service: a subject token. */
  readonly instance: string;
}

export interface ServiceProcess {
  /** What has to hold for it to do its work, beside being connected. */
  readonly checks?: Readonly<Record<string, ReadinessCheck>>;
  /** Takes no more work, finishes or hands back what it has, and lets go. */
  close(): Promise<void>;
}

/** How long a server may take until the streams are there. */
const TOPOLOGY_WITHIN_MS = 120_000;

/** How soon jobs that found their lane full are tried again. */
const CARRY_AGAIN_MS = 10_000;

/** A process that does not come down by itself in this time is ended. */
const CLOSE_WITHIN_MS = 40_000;

/**
 * The life of a service process: settings and configuration, telemetry, connection, its own start, a side door
 * for machines, and an orderly end at SIGTERM or SIGINT. What is wrong with settings or configuration is written
 * to the standard error in words, and the process exits with 2.
 */
export async function runService(
  service: string,
  start: (context: ServiceContext) => Promise<ServiceProcess>,
): Promise<void> {
  const { settings, config } = readOrExit();
  const telemetry = startTelemetry({
    service,
    version: VERSION,
    log: { level: settings.logLevel, secrets: secretsOf(config) },
  });
  const { logger } = telemetry;
  process.on('unhandledRejection', (error) =>
    logger.error({ err: error }, 'a promise was rejected and nobody looked'),
  );

  const clock = systemClock;
  const makeId = idMaker(
    () => clock.nowMs(),
    (size) => randomBytes(size),
  );
  const instance = makeId(service);
  const connection = await openConnection({
    url: settings.natsUrl ?? DEFAULT_NATS_URL,
    name: instance,
    storage: { replicas: settings.replicas, resultTtlMs: config.results.ttlMs },
    onStatus: (connected) =>
      logger.warn(connected ? 'connected to NATS again' : 'lost the connection to NATS'),
  });
  const onTopologyError = (error: unknown) => logger.error({ err: error }, 'streams could not be ensured');
  const topology = async (): Promise<void> => {
    const { leftBehind } = await ensureTopology(connection);
    if (leftBehind === 0) return;
    logger.warn({ leftBehind }, 'jobs of an earlier build wait for room in their lanes');
    clock.after(CARRY_AGAIN_MS, () => void topology().catch(onTopologyError));
  };
  connection.onReconnect(() => void topology().catch(onTopologyError));
  // A cluster that is just starting has no leader yet, and takes a while to make its streams.
  const giveUpAtMs = clock.monotonicMs() + TOPOLOGY_WITHIN_MS;
  for (;;) {
    try {
      await topology();
      break;
    } catch (error) {
      if (error instanceof UnfitServerError || clock.monotonicMs() > giveUpAtMs) throw error;
      logger.warn({ err: error }, 'streams could not be ensured yet');
      await sleep(clock, 1_000);
    }
  }

  const running = await start({
    settings,
    config,
    connection,
    telemetry,
    clock,
    random: Math.random,
    makeId,
    instance,
  });
  const admin = await startAdminServer({
    host: settings.adminHost,
    port: settings.adminPort,
    checks: { nats: () => connection.connected || 'NATS is not connected.', ...running.checks },
    metrics: () => telemetry.scrape(),
  });
  logger.info({ instance, adminPort: admin.port }, `${service} is up`);

  let closing = false;
  const end = async (signal: string) => {
    if (closing) return;
    closing = true;
    logger.info(`${signal}: draining`);
    clock.after(CLOSE_WITHIN_MS, () => process.exit(1));
    await running.close();
    await admin.close();
    await connection.close();
    logger.info(`${service} is down`);
    await telemetry.shutdown();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(signal));
}

const VERSION = '0.1.0';
const DEFAULT_NATS_URL = 'nats://127.0.0.1:4222';

function readOrExit(): { readonly settings: Settings; readonly config: Config } {
  try {
    const settings = readSettings(process.env);
    return { settings, config: loadConfig(settings.configPath, process.env) };
  } catch (error) {
    if (!(error instanceof SettingsError) && !(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

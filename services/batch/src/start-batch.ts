import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { FileStore, JetStreamStrategy, type Connection } from '@penstock/messaging';
import { SqlBatchStore, type Database } from '@penstock/persistence';
import type { Clock, MakeId } from '@penstock/resilience';
import type { RouteCatalogue } from '@penstock/scheduling';
import type { Telemetry } from '@penstock/telemetry';
import { NO_RULES, type RuleBook } from '@penstock/transforms';
import { BatchModule } from './batch.module.js';
import { DEFAULT_FLUSH } from './collection/flush-due.js';
import { expireFiles } from './files/expire-files.js';
import { DEFAULT_RELEASE_WINDOW } from './release/next-release.js';
import { DEFAULT_LIMITS, type BatchLimits, type BatchParts } from './running/batch-parts.js';
import { DEFAULT_GRACE_MS, type RunPolicy } from './running/next-step.js';
import { RunningBatches } from './running/running-batches.js';

export interface BatchOptions {
  /** To a server on which the streams are. */
  readonly connection: Connection;
  /** Migrated, sooner or later: until it is, and while it is away, batches stand still and questions are refused. */
  readonly database: Database;
  readonly clock: Clock;
  readonly makeId: MakeId;
  readonly telemetry: Pick<Telemetry, 'metrics'>;
  /** The models and deployments that a line's route is read against. */
  readonly routes: RouteCatalogue;
  /** The presets that lines may name, and whose conversations are trimmed. Default none. */
  readonly rules?: RuleBook;
  /** Digest of the configuration that routes and rules are of. Without it every file is checked when a batch of it is created. */
  readonly configuration?: string;
  readonly limits?: Partial<BatchLimits>;
  readonly policy?: Partial<RunPolicy>;
  /** Told of what went wrong and will be tried again. `doing` says what it was. */
  readonly onError: (error: unknown, doing: string) => void;
}

export interface RunningBatchService {
  /** Whether batches move and questions are answered now. */
  isReady(): Promise<boolean>;
  /** Finishes the step each batch is in, and leaves the rest to whoever comes next. Leaves connection and database open. */
  close(): Promise<void>;
}

const EXPIRE_FILES_EVERY_MS = 10 * 60_000;

/** Starts the batch service. Any number of them may run: each batch is run by one of them at a time. */
export async function startBatch(options: BatchOptions): Promise<RunningBatchService> {
  const { connection, database, clock, makeId, onError } = options;
  const parts: BatchParts = {
    ...{ connection, clock, makeId, onError },
    telemetry: options.telemetry,
    store: new SqlBatchStore(database),
    files: await FileStore.open(connection),
    owner: makeId('batch-service'),
    routes: options.routes,
    rules: options.rules ?? NO_RULES,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    configuration: options.configuration,
    policy: {
      window: DEFAULT_RELEASE_WINDOW,
      flush: DEFAULT_FLUSH,
      graceMs: DEFAULT_GRACE_MS,
      callBackEveryMs: 1_000,
      ...options.policy,
    },
  };
  const running = new RunningBatches(parts);
  const strategy = new JetStreamStrategy({ connection, clock, service: 'batch', onError });
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(BatchModule.with(parts, running), {
    strategy,
    logger: ['error', 'warn'],
  });
  await app.listen();
  running.start();
  const stopExpiring = clock.every(EXPIRE_FILES_EVERY_MS, () => {
    expireFiles(parts).catch((error: unknown) => onError(error, 'expire files'));
  });

  return {
    isReady: async () => connection.connected && (await database.isReachable()),
    async close() {
      stopExpiring();
      await app.close();
      await running.close();
    },
  };
}

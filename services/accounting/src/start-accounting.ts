import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { STREAM, type Deployment } from '@penstock/contracts';
import { JetStreamStrategy, StreamLog, type Connection } from '@penstock/messaging';
import { SqlAccountingStore, type Database } from '@penstock/persistence';
import type { Clock } from '@penstock/resilience';

import { AccountingModule } from './accounting.module.js';
import { retryParked } from './events/retry-parked.js';
import { PriceList } from './pricing/price-list.js';
import { trimEvents } from './trimming/trim-events.js';

export interface AccountingOptions {
  /** To a server on which the streams are. */
  readonly connection: Connection;
  /** Migrated, sooner or later: until it is, and while it is away, events wait in EVENTS. */
  readonly database: Database;
  readonly clock: Clock;
  readonly deployments: readonly Pick<Deployment, 'id' | 'price'>[];
  /** Told of what went wrong and will be tried again. `doing` says what it was. */
  readonly onError: (error: unknown, doing: string) => void;
}

export interface RunningAccounting {
  /** Whether events are being recorded and questions answered now. */
  isReady(): Promise<boolean>;
  /** Takes over the prices of a changed configuration. */
  reprice(deployments: AccountingOptions['deployments']): void;
  /** Takes no more events and waits for the transaction that runs. Leaves connection and database open. */
  close(): Promise<void>;
}

/** The name of the service: of its durable consumer and of the queue group that answers questions. */
const SERVICE = 'accounting';

const TRIM_EVERY_MS = 60_000;

/** After how long parked events that could not be tried are tried again. */
const RETRY_PARKED_MS = 5_000;

/** Starts accounting. Any number of them may run: they share the events, and rows are the same whoever writes. */
export async function startAccounting(options: AccountingOptions): Promise<RunningAccounting> {
  const { connection, database, clock, onError } = options;
  const store = new SqlAccountingStore(database);
  const prices = new PriceList(options.deployments);
  const strategy = new JetStreamStrategy({
    connection,
    clock,
    service: SERVICE,
    onError: (error, subject) => onError(error, subject),
  });
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(
    AccountingModule.with(store, prices),
    { strategy, logger: ['error', 'warn'] },
  );
  await app.listen();

  const log = new StreamLog(connection, STREAM.events);
  const stopTrimming = clock.every(TRIM_EVERY_MS, () => {
    trimEvents(log, clock.nowMs()).catch((error: unknown) => onError(error, 'trim events'));
  });

  let cancelRetry: () => void = () => undefined;
  const retryAllParked = () => {
    cancelRetry();
    retryParked(store, prices.priceOf).catch((error: unknown) => {
      onError(error, 'retry parked events');
      cancelRetry = clock.after(RETRY_PARKED_MS, retryAllParked);
    });
  };
  retryAllParked();

  return {
    isReady: async () => connection.connected && (await database.isReachable()),
    reprice(deployments) {
      prices.replace(deployments);
      retryAllParked();
    },
    async close() {
      cancelRetry();
      stopTrimming();
      await app.close();
    },
  };
}

import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { STREAM, type Deployment } from '@penstock/contracts';
import { JetStreamStrategy, StreamLog, type Connection } from '@penstock/messaging';
import { SqlAccountingStore, type Database } from '@penstock/persistence';
import type { Clock } from '@penstock/resilience';
import { nestLogger, type Telemetry } from '@penstock/telemetry';

import { AccountingModule } from './accounting.module.js';
import { PassErrorsOn } from './pass-errors-on.filter.js';
import { PriceList } from './pricing/price-list.js';
import { startChores } from './start-chores.js';

export interface AccountingOptions {
  /** To a server on which the streams are. */
  readonly connection: Connection;
  /** Migrated, sooner or later: until it is, and while it is away, events wait in EVENTS. */
  readonly database: Database;
  readonly clock: Clock;
  readonly deployments: readonly Pick<Deployment, 'id' | 'price'>[];
  readonly telemetry: Telemetry;
}

export interface RunningAccounting {
  /** Whether events can be recorded and questions answered now. Never rejects. */
  isReady(): Promise<boolean>;
  /** Takes no more events and waits for the transaction that runs. Leaves connection and database open. */
  close(): Promise<void>;
}

/** The name of the service: of its durable consumer and of the queue group that answers questions. */
const SERVICE = 'accounting';

/** Starts accounting. Any number of them may run: they share the events, and rows are the same whoever writes. */
export async function startAccounting(options: AccountingOptions): Promise<RunningAccounting> {
  const { connection, database, clock, telemetry } = options;
  const store = new SqlAccountingStore(database);
  const prices = new PriceList(options.deployments);
  const strategy = new JetStreamStrategy({
    connection,
    clock,
    service: SERVICE,
    onError: (err, subject) => telemetry.logger.warn({ err, subject }, 'not done yet, and tried again'),
  });
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(
    AccountingModule.with({ store, prices, clock, telemetry }),
    { strategy, logger: nestLogger(telemetry.logger) },
  );
  app.useGlobalFilters(new PassErrorsOn());
  await app.listen();
  const stopChores = startChores({
    log: new StreamLog(connection, STREAM.events),
    durable: SERVICE,
    store,
    prices,
    clock,
    telemetry,
  });

  return {
    isReady: async () => {
      if (!connection.connected) return false;
      // Asked for an outcome that there is not, Postgres shows that it is there and has been migrated.
      return store.outcome({ tenant: '', job: '' }).then(
        () => true,
        () => false,
      );
    },
    async close() {
      stopChores();
      await app.close();
    },
  };
}

import type { Client } from 'pg';
import { QueryFailedError, type DataSource, type EntityManager, type QueryRunner } from 'typeorm';

import { makeDataSource } from './data-source.js';
import { databaseErrorKind } from './database-error.js';
import type { DatabaseOptions } from './database-options.js';
import type { Sql, SqlResult } from './sql.js';

/**
 * A pool of connections to Postgres that connects when it is first needed and again whenever it has to.
 *
 * Postgres may be away at the start, be killed and come back: what is asked meanwhile rejects with an error of
 * kind `unavailable`, within `connectTimeoutMs` or the statement's timeout, and the next statement tries afresh.
 * Nothing is retried here, and no loss of a connection ends the process.
 */
export interface Database extends Sql {
  /**
   * Runs `work` in one transaction: all of it is stored, or nothing. A rejection that comes of the commit itself
   * leaves open which, so `work` has to be safe to do twice.
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** TypeORM's entity manager, each call a transaction of its own. */
  manager(): Promise<EntityManager>;
  /** Whether Postgres answers now. Never rejects. */
  isReachable(): Promise<boolean>;
  close(): Promise<void>;
}

export interface Transaction extends Sql {
  readonly manager: EntityManager;
}

/** Does not connect yet, so it cannot fail. */
export function openDatabase(options: DatabaseOptions): Database {
  return new PooledDatabase(options);
}

class PooledDatabase implements Database {
  #connected: Promise<DataSource> | undefined;
  #closed = false;

  constructor(private readonly options: DatabaseOptions) {}

  query<Row>(statement: string, parameters?: readonly unknown[]): Promise<SqlResult<Row>> {
    return this.#withRunner((runner) => runStatement<Row>(runner, statement, parameters));
  }

  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.#withRunner(async (runner) => {
      await runner.startTransaction();
      try {
        const result = await work({
          manager: runner.manager,
          query: (statement, parameters) => runStatement(runner, statement, parameters),
        });
        await runner.commitTransaction();
        return result;
      } catch (error) {
        // The failure that matters is the first one; a lost connection rolls back by itself.
        await runner.rollbackTransaction().catch(() => undefined);
        throw error;
      }
    });
  }

  async manager(): Promise<EntityManager> {
    return (await this.#connect()).manager;
  }

  async isReachable(): Promise<boolean> {
    try {
      await this.query('SELECT 1');
      return true;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const connected = await this.#connected?.catch(() => undefined);
    if (connected?.isInitialized) await connected.destroy();
  }

  async #withRunner<T>(use: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const runner = (await this.#connect()).createQueryRunner();
    try {
      return await use(runner);
    } catch (error) {
      if (databaseErrorKind(error) === 'unavailable') await discardConnection(runner);
      // TypeORM's error holds the statement's parameters, thousands of rows perhaps, for a log to print.
      throw error instanceof QueryFailedError ? error.driverError : error;
    } finally {
      await runner.release();
    }
  }

  /** TypeORM reads the server's version before the first statement, so a failed start has to be made again. */
  #connect(): Promise<DataSource> {
    if (this.#closed) return Promise.reject(new Error('The database connection pool is closed.'));
    this.#connected ??= makeDataSource(this.options)
      .initialize()
      .catch((error: unknown) => {
        this.#connected = undefined;
        throw error;
      });
    return this.#connected;
  }
}

async function runStatement<Row>(
  runner: QueryRunner,
  statement: string,
  parameters: readonly unknown[] = [],
): Promise<SqlResult<Row>> {
  const result = await runner.query(statement, [...parameters], true);
  return { rows: result.records as Row[], affected: result.affected ?? 0 };
}

/**
 * Ends the connection instead of returning it to the pool: its last statement may never have ended, and the next
 * one would wait behind it.
 */
async function discardConnection(runner: QueryRunner): Promise<void> {
  if (runner.isReleased) return;
  const connection = (await runner.connect().catch(() => undefined)) as Client | undefined;
  // It is as good as gone: nobody waits for its farewell, or minds how that goes.
  connection?.end().catch(() => undefined);
}

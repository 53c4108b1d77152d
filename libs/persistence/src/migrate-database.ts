import { makeDataSource } from './data-source.js';
import type { DatabaseOptions } from './database-options.js';

/** Any number, as long as nothing else in the same database locks it: "penstock" on a telephone's keys. */
const MIGRATION_LOCK = 73_678_625;

/**
 * Brings the schema to what this build expects: every migration that has not run yet, oldest first, each in a
 * transaction of its own. Safe to run again, and from several processes at once: they take turns. Migrations may
 * take as long as they need; `statementTimeoutMs` and `poolSize` do not count here.
 *
 * Returns the names of those that ran.
 */
export async function migrateDatabase(
  options: Pick<DatabaseOptions, 'url' | 'applicationName' | 'connectTimeoutMs'>,
): Promise<readonly string[]> {
  // Two connections: one holds the lock, the other does the work.
  const dataSource = await makeDataSource({ ...options, poolSize: 2, statementTimeoutMs: 0 }).initialize();
  try {
    const lock = dataSource.createQueryRunner();
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      const done = await dataSource.runMigrations({ transaction: 'each' });
      return done.map((migration) => migration.name);
    } finally {
      await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
      await lock.release();
    }
  } finally {
    await dataSource.destroy();
  }
}

import { DataSource } from 'typeorm';

import type { DatabaseOptions } from './database-options.js';
import { ENTITIES } from './entities/index.js';
import { MIGRATIONS } from './migrations/index.js';

/**
 * The client waits a little longer than the server may work, so that it is the server that gives up first and
 * the connection stays usable. Only a server that has gone silent lets this one run out.
 */
const CLIENT_GRACE_MS = 2_000;

/** TypeORM's own settings, in one place. `statementTimeoutMs: 0` means no limit. */
export function makeDataSource(options: DatabaseOptions): DataSource {
  const { statementTimeoutMs = 10_000, connectTimeoutMs = 3_000 } = options;
  return new DataSource({
    type: 'postgres',
    url: options.url,
    applicationName: options.applicationName,
    poolSize: options.poolSize,
    connectTimeoutMS: connectTimeoutMs,
    entities: [...ENTITIES],
    migrations: [...MIGRATIONS],
    migrationsTableName: 'migration',
    // TypeORM's bookkeeping of views and generated columns; we have none of its making, but it makes the table.
    metadataTableName: 'migration_metadata',
    synchronize: false,
    installExtensions: false,
    // Statements carry tenants' names; what goes wrong is thrown to whoever knows what may be told of it.
    logging: false,
    poolErrorHandler: (error: Error) => options.onIdleConnectionLost?.(error),
    extra: {
      keepAlive: true,
      ...(statementTimeoutMs > 0 && {
        statement_timeout: statementTimeoutMs,
        idle_in_transaction_session_timeout: statementTimeoutMs,
        query_timeout: statementTimeoutMs + CLIENT_GRACE_MS,
      }),
    },
  });
}

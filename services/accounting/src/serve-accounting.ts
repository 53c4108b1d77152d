import { openDatabase } from '@penstock/persistence';
import { requireDatabaseUrl, type ServiceContext, type ServiceProcess } from '@penstock/runtime';
import { startAccounting } from './start-accounting.js';

/** Accounting as a service process has it: from settings and configuration, with a database of its own. */
export async function serveAccounting(context: ServiceContext): Promise<ServiceProcess> {
  const { config, settings, connection, clock, telemetry } = context;
  const database = openDatabase({
    url: requireDatabaseUrl(settings),
    applicationName: 'penstock-accounting',
    poolSize: 4,
    onIdleConnectionLost: (err) => telemetry.logger.warn({ err }, 'lost a connection to Postgres'),
  });
  const accounting = await startAccounting({
    connection,
    database,
    clock,
    deployments: config.deployments,
    telemetry,
  });
  return {
    checks: { postgres: async () => (await accounting.isReady()) || 'Events cannot be recorded now.' },
    close: async () => {
      await accounting.close();
      await database.close();
    },
  };
}

import 'reflect-metadata';
import { openDatabase } from '@penstock/persistence';
import { requireDatabaseUrl, runService } from '@penstock/runtime';
import { startAccounting } from './start-accounting.js';

await runService('accounting', async ({ config, settings, connection, clock, telemetry }) => {
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
});

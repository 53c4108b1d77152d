import 'reflect-metadata';
import { openDatabase } from '@penstock/persistence';
import { policyOf, RouteCatalogue } from '@penstock/scheduling';
import { requireDatabaseUrl, runService } from '@penstock/runtime';
import { startBatch } from './start-batch.js';

await runService('batch', async ({ config, settings, connection, clock, makeId, telemetry }) => {
  const database = openDatabase({
    url: requireDatabaseUrl(settings),
    applicationName: 'penstock-batch',
    poolSize: 4,
  });
  const batch = await startBatch({
    connection,
    database,
    clock,
    makeId,
    routes: new RouteCatalogue(
      Object.entries(config.models).map(([name, model]) => ({ name, ...model })),
      config.deployments,
      policyOf(config.tenants),
    ),
    onError: (error, doing) => telemetry.logger.error({ err: error }, `batch failed to ${doing}`),
  });
  return {
    checks: { postgres: async () => (await batch.isReady()) || 'Postgres does not answer.' },
    close: async () => {
      await batch.close();
      await database.close();
    },
  };
});

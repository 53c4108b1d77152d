import 'reflect-metadata';
import { openDatabase } from '@penstock/persistence';
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
    maxOutputTokens: (model) => config.models[model]?.maxOutputTokens,
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

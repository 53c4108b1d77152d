import { digestOf } from '@penstock/config';
import { openDatabase } from '@penstock/persistence';
import { requireDatabaseUrl, type ServiceContext, type ServiceProcess } from '@penstock/runtime';
import { policyOf, RouteCatalogue } from '@penstock/scheduling';
import { RuleBook } from '@penstock/transforms';
import { startBatch } from './start-batch.js';

/** The batch service as a service process has it: from settings and configuration, with a database of its own. */
export async function serveBatch(context: ServiceContext): Promise<ServiceProcess> {
  const { config, settings, connection, clock, makeId, telemetry } = context;
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
    telemetry,
    routes: new RouteCatalogue(
      Object.entries(config.models).map(([name, model]) => ({ name, ...model })),
      config.deployments,
      policyOf(config.tenants),
    ),
    rules: new RuleBook(config),
    configuration: digestOf(config),
    onError: (error, doing) => telemetry.logger.error({ err: error }, `batch failed to ${doing}`),
  });
  return {
    checks: { postgres: async () => (await batch.isReady()) || 'Postgres does not answer.' },
    close: async () => {
      await batch.close();
      await database.close();
    },
  };
}

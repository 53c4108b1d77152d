import { randomBytes } from 'node:crypto';
import type { Connection } from '@penstock/messaging';
import { idMaker, systemClock } from '@penstock/resilience';
import type { RoutedModel } from '@penstock/scheduling';
import { startTelemetry } from '@penstock/telemetry';
import { startRouter, type RunningRouter } from '../../services/router/src/start-router.js';

/** A router of the tenant acme and the model `small`, beside which a test says what a worker says. Its leases are short. */
export function startLoneRouter(
  connection: Connection,
  router: string,
  { deployments, ...more }: Pick<RoutedModel, 'deployments' | 'hedge'>,
): Promise<RunningRouter> {
  return startRouter({
    connection,
    clock: systemClock,
    random: Math.random,
    makeId: idMaker(
      () => Date.now(),
      (size) => randomBytes(size),
    ),
    router,
    models: [{ name: 'small', deployments, maxOutputTokens: 64, ...more }],
    deployments: deployments.map((id) => ({
      id,
      provider: 'sim',
      upstreamModel: 'sim-small',
      price: { input: 1, output: 1 },
      limits: { concurrency: 4 },
    })),
    tenants: [{ id: 'acme', weight: 1 }],
    telemetry: startTelemetry({ service: 'router', version: '0.0.0', env: {}, log: { level: 'fatal' } }),
    leaseMs: { interactive: 1_000, standard: 1_000, batch: 1_000 },
  });
}

import type { ServiceContext } from '@penstock/runtime';
import { RuleBook } from '@penstock/transforms';
import { startRouter, type RunningRouter } from './start-router.js';

/** A router as a service process has it: from settings and configuration. */
export function serveRouter({ config, instance, ...context }: ServiceContext): Promise<RunningRouter> {
  return startRouter({
    ...context,
    router: instance,
    models: Object.entries(config.models).map(([name, model]) => ({ name, ...model })),
    deployments: config.deployments,
    tenants: config.tenants,
    rules: new RuleBook(config),
    startWithinMs: config.classes.interactive.startWithinMs,
    reserve: { standard: config.classes.standard.reserve, batch: config.classes.batch.reserve },
    leaseMs: config.leases,
  });
}

import 'reflect-metadata';
import { runService } from '@penstock/runtime';
import { startRouter } from './start-router.js';

await runService('router', ({ config, instance, ...context }) =>
  startRouter({
    ...context,
    router: instance,
    models: Object.entries(config.models).map(([name, model]) => ({ name, ...model })),
    deployments: config.deployments,
    tenants: config.tenants,
  }),
);

import 'reflect-metadata';
import { runService } from '@penstock/runtime';
import { startIngress } from './start-ingress.js';

await runService('ingress', ({ config, settings, instance, ...context }) =>
  startIngress({
    ...context,
    ingress: instance,
    host: settings.httpHost,
    port: settings.httpPort,
    bodyBytes: config.limits.bodyBytes,
    keys: config.tenants.flatMap(({ id, keys }) =>
      keys.map(({ name, secret }) => ({ tenant: id, keyName: name, secret })),
    ),
    models: Object.entries(config.models).map(([name, { maxOutputTokens }]) => ({ name, maxOutputTokens })),
  }),
);

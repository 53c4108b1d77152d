import { digestOf } from '@penstock/config';
import type { ServiceContext } from '@penstock/runtime';
import { RuleBook } from '@penstock/transforms';
import { startIngress, type RunningIngress } from './start-ingress.js';

/** The ingress as a service process has it: from settings and configuration. */
export function serveIngress({
  config,
  settings,
  instance,
  ...context
}: ServiceContext): Promise<RunningIngress> {
  return startIngress({
    ...context,
    ingress: instance,
    host: settings.httpHost,
    port: settings.httpPort,
    bodyBytes: config.limits.bodyBytes,
    readerStallMs: config.limits.readerStallMs,
    resultTtlMs: config.results.ttlMs,
    keys: config.tenants.flatMap(({ id, keys }) =>
      keys.map(({ name, secret }) => ({ tenant: id, keyName: name, secret })),
    ),
    models: Object.entries(config.models).map(([name, model]) => ({ name, ...model })),
    deployments: config.deployments,
    tenants: config.tenants,
    rules: new RuleBook(config),
    configuration: digestOf(config),
  });
}

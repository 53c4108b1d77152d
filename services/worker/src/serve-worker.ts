import { createProvider, type Provider } from '@penstock/providers';
import type { ServiceContext } from '@penstock/runtime';
import { RuleBook } from '@penstock/transforms';
import { startWorker, type RunningWorker } from './start-worker.js';

/** A worker as a service process has it: from settings and configuration. */
export function serveWorker({ config, instance, ...context }: ServiceContext): Promise<RunningWorker> {
  const made = new Map<string, Provider>();
  /** One provider for each credential, however many deployments use it. */
  const providerFor = (name: string, apiKey: string | undefined): Provider => {
    const { apiKey: own, credentials: _, ...settings } = config.providers[name]!;
    const key = apiKey ?? own;
    const id = JSON.stringify([name, key]);
    const provider =
      made.get(id) ??
      createProvider({ name, ...settings, ...(key !== undefined && { apiKey: key }) }, context.clock);
    made.set(id, provider);
    return provider;
  };
  return startWorker({
    ...context,
    worker: instance,
    leaseMs: config.leases,
    rules: new RuleBook(config),
    deployments: config.deployments.map(({ credentials: own, ...deployment }) => {
      const { provider: name, limits } = deployment;
      const { baseUrl, credentials: shared } = config.providers[name]!;
      const credentials = (own ?? shared)?.map((credential) => ({
        name: credential.name,
        provider: providerFor(name, credential.apiKey),
        limits: credential.limits ?? limits,
      }));
      const provider = credentials?.[0]?.provider ?? providerFor(name, undefined);
      return { provider, deployment: { ...deployment, baseUrl }, ...(credentials && { credentials }) };
    }),
  });
}

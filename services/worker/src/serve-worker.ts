import { createProvider, type Provider } from '@penstock/providers';
import type { ServiceContext } from '@penstock/runtime';
import { startWorker, type RunningWorker } from './start-worker.js';

/** A worker as a service process has it: from settings and configuration. */
export function serveWorker({ config, instance, ...context }: ServiceContext): Promise<RunningWorker> {
  const providers = new Map<string, Provider>(
    Object.entries(config.providers).map(([name, provider]) => [
      name,
      createProvider({ name, ...provider }, context.clock),
    ]),
  );
  return startWorker({
    ...context,
    worker: instance,
    deployments: config.deployments.flatMap((deployment) => {
      const provider = providers.get(deployment.provider);
      const baseUrl = config.providers[deployment.provider]?.baseUrl ?? '';
      return provider ? [{ provider, deployment: { ...deployment, baseUrl } }] : [];
    }),
  });
}

import { createProvider, type Provider } from '@penstock/providers';
import { runService } from '@penstock/runtime';
import { startWorker } from './start-worker.js';

await runService('worker', ({ config, instance, ...context }) => {
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
});

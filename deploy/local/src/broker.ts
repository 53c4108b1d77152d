import 'reflect-metadata';
import { runService } from '@penstock/runtime';
import { serveIngress } from '../../../services/ingress/src/serve-ingress.js';
import { serveRouter } from '../../../services/router/src/serve-router.js';
import { serveWorker } from '../../../services/worker/src/serve-worker.js';

/**
 * Ingress, router and worker in one process on one connection, for an installation on few cores. Jobs, leases and
 * events go the same way as ever; only what one of the three says to another does not leave the process.
 */
await runService('broker', async (context) => {
  const worker = await serveWorker(context);
  const router = await serveRouter(context);
  const ingress = await serveIngress(context);
  return {
    // The door first, then what is behind it.
    close: async () => {
      await ingress.close();
      await router.close();
      await worker.close();
    },
  };
});

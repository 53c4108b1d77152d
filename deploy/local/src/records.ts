import 'reflect-metadata';
import { runService } from '@penstock/runtime';
import { serveAccounting } from '../../../services/accounting/src/serve-accounting.js';
import { serveBatch } from '../../../services/batch/src/serve-batch.js';

/** Batch and accounting, the two that keep rows in Postgres, in one process: for an installation on few cores. */
await runService('records', async (context) => {
  const accounting = await serveAccounting(context);
  const batch = await serveBatch(context);
  return {
    checks: { ...batch.checks, ...accounting.checks },
    // What the batches did last is written down too.
    close: async () => {
      await batch.close();
      await accounting.close();
    },
  };
});

// graphile-worker as a queue of the benchmark: see test/bench/src/queues/queue.ts.
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';

const TASK = 'bench';

export async function openQueue({ url, localQueue }) {
  const pool = new pg.Pool({ connectionString: url, max: 16 });
  const logger = new Logger(() => () => undefined);
  const utils = await makeWorkerUtils({ pgPool: pool, logger });
  await utils.migrate();
  return {
    add: (payload) => utils.addJob(TASK, { payload }),
    addMany: (payloads) =>
      utils.addJobs(payloads.map((payload) => ({ identifier: TASK, payload: { payload } }))),
    clear: () => pool.query('truncate graphile_worker._private_jobs'),
    async work({ concurrency, call, onDone }) {
      const handle = async () => {
        await call();
        onDone();
      };
      const preset = localQueue ? { worker: { localQueue: { size: localQueue } } } : {};
      const runner = await run({
        pgPool: pool,
        concurrency,
        noHandleSignals: true,
        logger,
        taskList: { [TASK]: handle },
        preset,
      });
      return () => runner.stop();
    },
  };
}

// pg-boss as a queue of the benchmark: see test/bench/src/queues/queue.ts.
import { PgBoss } from 'pg-boss';

const NAME = 'bench';

/** Jobs a fetch takes at once; it runs them side by side, and the next fetch waits for the slowest. */
const BATCH = 16;

export async function openQueue({ url }) {
  const boss = new PgBoss({ connectionString: url, max: 16, supervise: false, schedule: false });
  boss.on('error', () => undefined);
  await boss.start();
  await boss.createQueue(NAME).catch(() => undefined);
  return {
    add: (payload) => boss.send(NAME, { payload }),
    addMany: (payloads) =>
      boss.insert(
        NAME,
        payloads.map((payload) => ({ data: { payload } })),
      ),
    clear: () => boss.deleteAllJobs(NAME),
    async work({ concurrency, call, onDone }) {
      const options = {
        batchSize: BATCH,
        localConcurrency: Math.max(1, concurrency / BATCH),
        pollingIntervalSeconds: 0.5,
        burstWhenBatchFull: true,
      };
      await boss.work(NAME, options, (jobs) =>
        Promise.all(
          jobs.map(async () => {
            await call();
            onDone();
          }),
        ),
      );
      return () => boss.offWork(NAME);
    },
  };
}

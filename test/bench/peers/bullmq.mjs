// BullMQ as a queue of the benchmark: see test/bench/src/queues/queue.ts.
import { Queue, Worker } from 'bullmq';

const NAME = 'bench';

export async function openQueue({ url }) {
  const { hostname: host, port } = new URL(url);
  const connection = { host, port: Number(port), maxRetriesPerRequest: null };
  const options = { removeOnComplete: true, removeOnFail: true };
  const queue = new Queue(NAME, { connection, defaultJobOptions: options });
  queue.on('error', () => undefined);
  await queue.waitUntilReady();
  return {
    add: (payload) => queue.add('job', { payload }),
    addMany: (payloads) => queue.addBulk(payloads.map((payload) => ({ name: 'job', data: { payload } }))),
    clear: () => queue.obliterate({ force: true }),
    async work({ concurrency, call, onDone }) {
      const worker = new Worker(NAME, call, { connection, concurrency });
      worker.on('error', () => undefined);
      // Told when the job is settled, not when its handler is done.
      worker.on('completed', onDone);
      await worker.waitUntilReady();
      return () => worker.close();
    },
  };
}

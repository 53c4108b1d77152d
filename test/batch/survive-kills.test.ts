import { SUBJECT, type BatchObject } from '@penstock/contracts';
import { eventually } from '@penstock/testing';
import { BatchBench, chatLines } from './batch-bench.js';
import { BatchProcess } from './batch-process.js';
import { completion, LaneWorker } from './lane-worker.js';

const LINES = 4_000;

let bench: BatchBench;

beforeAll(async () => {
  bench = await BatchBench.open();
}, 60_000);

afterAll(() => bench.close());

async function expectOneLineEach(batch: BatchObject, worker: LaneWorker): Promise<void> {
  expect(batch).toMatchObject({
    status: 'completed',
    request_counts: { total: LINES, completed: LINES, failed: 0 },
    usage: { input_tokens: 10 * LINES },
  });
  const lines = await bench.read('acme', batch.output_file_id);
  expect(lines.length).toBe(LINES);
  expect(new Set(lines.map((line) => line.custom_id)).size).toBe(LINES);
  expect(worker.taken.size).toBe(LINES);
}

describe('a batch', () => {
  it('survives kills of its service in mid-validation, mid-release and mid-collection', async () => {
    await BatchProcess.build();
    const service = new BatchProcess({ natsUrl: bench.nats.url, databaseUrl: bench.testDatabase.url });
    const worker = new LaneWorker(
      bench.connection,
      { class: 'batch', tenant: 'acme' },
      { slots: 32, delayMs: 10, work: (_, body) => completion(body.messages[0]?.content ?? '') },
    );
    try {
      await service.start();
      const file = await bench.upload('acme', chatLines(LINES).join('\n'));
      const { id } = await bench.create('acme', file.id);
      await service.kill();
      expect(worker.taken.size).toBe(0);

      await worker.start();
      // The first lines have reached the lane, and the flights behind them are on their way.
      await service.start();
      await eventually(() => worker.taken.size > 0, { timeoutMs: 20_000, what: 'the first line' });
      await service.kill();

      for (const reached of [0.3, 0.9]) {
        await service.start();
        const far = async () => (await bench.batch('acme', id)).request_counts.completed >= reached * LINES;
        await eventually(far, { timeoutMs: 30_000, what: `${reached} of the batch` });
        await service.kill();
      }

      await service.start();
      await expectOneLineEach(await bench.ended('acme', id, 30_000), worker);
      expect([...worker.taken.values()].every((times) => times === 1)).toBe(true);
    } finally {
      worker.close();
      await service.remove();
    }
  }, 150_000);

  it('survives a kill of nats-server', async () => {
    const service = await bench.start();
    const worker = new LaneWorker(
      bench.connection,
      { class: 'batch', tenant: 'acme' },
      { slots: 32, delayMs: 10, work: (_, body) => completion(body.messages[0]?.content ?? '') },
    );
    try {
      await worker.start();
      const file = await bench.upload('acme', chatLines(LINES).join('\n'));
      const { id } = await bench.create('acme', file.id);
      await eventually(() => worker.taken.size > LINES / 4, { what: 'a quarter of the batch' });
      await bench.nats.kill();
      await bench.nats.restart();
      await expectOneLineEach(await bench.ended('acme', id, 60_000), worker);
      expect((await bench.tell(SUBJECT.askBatch, { tenant: 'acme', id })).ok).toBe(true);
    } finally {
      worker.close();
      await service.close();
    }
  }, 120_000);
});

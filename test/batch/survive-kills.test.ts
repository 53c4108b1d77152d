import { STREAM, SUBJECT, type BatchObject } from '@penstock/contracts';
import {
  ensureTopology,
  JOBS_OF_BUNDLE,
  laneDepth,
  laneMessageIds,
  publishDurably,
} from '@penstock/messaging';
import { eventually } from '@penstock/testing';
import { nanos } from 'nats';
import { BatchBench, chatLines } from './batch-bench.js';
import { BatchProcess } from './batch-process.js';
import { completion, echo, LaneWorker } from './lane-worker.js';

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

  it('releases no line again that waits in the lane, even when its message id is forgotten', async () => {
    const lines = 700;
    const messages = Math.ceil(lines / JOBS_OF_BUNDLE);
    let service = await bench.start();
    const file = await bench.upload('globex', chatLines(lines).join('\n'));
    const { id } = await bench.create('globex', file.id);
    const lane = { class: 'batch', tenant: 'globex' } as const;
    await eventually(async () => (await laneDepth(bench.connection, lane)) === messages);
    await service.close();

    // As if the process had been killed before it stored how far it had come, and nobody had looked for an hour.
    await bench.database.query(
      `UPDATE batch SET released = 96, releasing_at = now() - interval '1 hour' WHERE id = $1`,
      [id],
    );
    expect((await laneMessageIds(bench.connection, lane, 0)).size).toBe(messages);
    const { jsm } = bench.connection;
    await jsm.streams.update(STREAM.durable, { duplicate_window: nanos(100) });
    const forgotten = () => publishDurably(bench.connection, 'jobs.batch.probe', '', { messageId: 'probe' });
    await forgotten();
    await eventually(async () => (await forgotten()).kind === 'stored');
    await jsm.streams.purge(STREAM.durable, { filter: 'jobs.batch.probe' });
    // Some of the lines in doubt had never got there.
    const last = await jsm.direct.getMessage(STREAM.durable, { last_by_subj: SUBJECT.lane(lane) });
    await jsm.streams.deleteMessage(STREAM.durable, last?.seq ?? 0);

    service = await bench.start();
    const worker = new LaneWorker(bench.connection, lane, { slots: 32, delayMs: 0, work: echo });
    try {
      await eventually(async () => (await laneDepth(bench.connection, lane)) >= messages);
      await worker.start();
      const batch = await bench.ended('globex', id);
      expect(batch.request_counts).toEqual({ total: lines, completed: lines, failed: 0 });
      expect([...worker.taken.values()].filter((times) => times > 1)).toEqual([]);
    } finally {
      worker.close();
      await service.close();
      await ensureTopology(bench.connection);
    }
  });

  it('is run by one of several services, and goes on in another when that one stops', async () => {
    const services = [await bench.start(), await bench.start()];
    const lane = { class: 'batch', tenant: 'initech' } as const;
    const worker = new LaneWorker(bench.connection, lane, { slots: 16, delayMs: 10, work: echo });
    try {
      await worker.start();
      const file = await bench.upload('initech', chatLines(400).join('\n'));
      const batches = await Promise.all(Array.from({ length: 6 }, () => bench.create('initech', file.id)));
      await eventually(() => worker.taken.size > 600);
      await services[0]?.close();
      for (const { id } of batches) {
        const batch = await bench.ended('initech', id);
        expect(batch.request_counts).toEqual({ total: 400, completed: 400, failed: 0 });
        const lines = await bench.read('initech', batch.output_file_id);
        expect(new Set(lines.map((line) => line.custom_id)).size).toBe(400);
        expect(lines.length).toBe(400);
      }
      expect([...worker.taken.values()].filter((times) => times > 1)).toEqual([]);
    } finally {
      worker.close();
      await services[1]?.close();
    }
  });
});

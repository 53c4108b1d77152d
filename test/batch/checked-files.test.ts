import OpenAI, { toFile } from 'openai';
import { systemClock } from '@penstock/resilience';
import { startTelemetry, type Telemetry } from '@penstock/telemetry';
import { eventually } from '@penstock/testing';
import type { RunningBatchService } from '../../services/batch/src/start-batch.js';
import { startIngress, type RunningIngress } from '../../services/ingress/src/start-ingress.js';
import { BatchBench, chatLine, chatLines, makeId } from './batch-bench.js';
import { echo, LaneWorker } from './lane-worker.js';

let bench: BatchBench;
let service: RunningBatchService;
let telemetry: Telemetry;
let worker: LaneWorker;
const ingresses: RunningIngress[] = [];

/** A client of an ingress that has a configuration of its own. */
async function clientOf(configuration: string, models: readonly string[]): Promise<OpenAI> {
  const ingress = await startIngress({
    connection: bench.connection,
    clock: systemClock,
    makeId,
    ingress: makeId('ingress'),
    host: '127.0.0.1',
    port: 0,
    keys: [{ tenant: 'acme', keyName: 'default', secret: 'acme-secret' }],
    models: models.map((name) => ({ name, deployments: [], maxOutputTokens: 1_000 })),
    telemetry,
    configuration,
  });
  ingresses.push(ingress);
  return new OpenAI({
    baseURL: `http://127.0.0.1:${ingress.port}/v1`,
    apiKey: 'acme-secret',
    maxRetries: 0,
  });
}

let same: OpenAI;
let other: OpenAI;

beforeAll(async () => {
  bench = await BatchBench.open();
  service = await bench.start({ configuration: 'one' });
  telemetry = startTelemetry({ service: 'ingress', version: 'test', env: {}, log: { level: 'silent' } });
  same = await clientOf('one', ['small']);
  other = await clientOf('two', ['small', 'large']);
  const lane = { class: 'batch', tenant: 'acme' } as const;
  worker = new LaneWorker(bench.connection, lane, { slots: 32, delayMs: 0, work: echo });
  await worker.start();
});

afterAll(async () => {
  worker.close();
  await Promise.all(ingresses.map((ingress) => ingress.close()));
  await service.close();
  await telemetry.shutdown();
  await bench.close();
  expect(bench.errors).toEqual([]);
});

const upload = async (client: OpenAI, lines: readonly string[]) => {
  const file = await toFile(Buffer.from(lines.join('\n')), 'in.jsonl');
  return (await client.files.create({ file, purpose: 'batch' })).id;
};

const noted = async (id: string) => {
  const { rows } = await bench.database.query<{ checked: unknown; parts: { name: string; bytes: number }[] }>(
    'SELECT checked, parts FROM batch_file WHERE id = $1',
    [id],
  );
  return rows[0];
};

const run = async (
  id: string,
  endpoint: '/v1/chat/completions' | '/v1/embeddings' = '/v1/chat/completions',
) => {
  const created = await same.batches.create({ input_file_id: id, endpoint, completion_window: '24h' });
  return eventually(async () => {
    const batch = await same.batches.retrieve(created.id);
    return ['completed', 'failed'].includes(batch.status) && batch;
  });
};

describe('a file that was checked while it was uploaded', () => {
  it('is noted to be valid, and every line of it runs', async () => {
    const id = await upload(same, chatLines(2_500));
    expect((await noted(id))?.checked).toEqual({
      endpoint: '/v1/chat/completions',
      lines: 2_500,
      model: 'small',
      configuration: 'one',
    });
    expect(await run(id)).toMatchObject({
      status: 'completed',
      model: 'small',
      request_counts: { total: 2_500, completed: 2_500, failed: 0 },
    });
  });

  it('and is not valid is accepted, and its batch names the lines', async () => {
    const id = await upload(same, [chatLine('a'), chatLine('b', 'b', 'gone'), chatLine('a')]);
    expect((await noted(id))?.checked).toBeNull();
    expect(await run(id)).toMatchObject({
      status: 'failed',
      errors: {
        data: [
          { line: 2, code: 'model_not_found' },
          { line: 3, code: 'duplicate_custom_id' },
        ],
      },
    });
  });

  it('is checked again where another configuration holds', async () => {
    const id = await upload(other, [chatLine('a', 'a', 'large')]);
    expect((await noted(id))?.checked).toMatchObject({ model: 'large', configuration: 'two' });
    expect(await run(id)).toMatchObject({
      status: 'failed',
      errors: { data: [{ line: 1, code: 'model_not_found' }] },
    });
  });

  it('is checked again for another endpoint', async () => {
    const id = await upload(same, [chatLine('a')]);
    expect(await run(id, '/v1/embeddings')).toMatchObject({
      status: 'failed',
      errors: { data: [{ line: 1, code: 'mismatched_url' }] },
    });
  });

  it('fails its batch when its bytes are gone', async () => {
    const id = await upload(same, chatLines(3));
    await bench.files.remove((await noted(id))?.parts ?? []);
    expect(await run(id)).toMatchObject({
      status: 'failed',
      errors: { data: [{ code: 'file_unreadable' }] },
    });
  });
});

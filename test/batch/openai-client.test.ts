import OpenAI, { toFile } from 'openai';
import { SUBJECT } from '@penstock/contracts';
import { systemClock } from '@penstock/resilience';
import { startTelemetry, type Telemetry } from '@penstock/telemetry';
import { eventually } from '@penstock/testing';
import type { RunningBatchService } from '../../services/batch/src/start-batch.js';
import { startIngress, type RunningIngress } from '../../services/ingress/src/start-ingress.js';
import { BatchBench, chatLine, makeId, type ReadLine } from './batch-bench.js';
import { echo, LaneWorker } from './lane-worker.js';

let bench: BatchBench;
let service: RunningBatchService;
let telemetry: Telemetry;
let ingress: RunningIngress;
let worker: LaneWorker;
let acme: OpenAI;
let other: OpenAI;

beforeAll(async () => {
  bench = await BatchBench.open();
  service = await bench.start();
  telemetry = startTelemetry({ service: 'ingress', version: 'test' });
  ingress = await startIngress({
    connection: bench.connection,
    clock: systemClock,
    makeId,
    ingress: 'test',
    host: '127.0.0.1',
    port: 0,
    keys: [
      { tenant: 'acme', keyName: 'default', secret: 'acme-secret' },
      { tenant: 'other', keyName: 'default', secret: 'other-secret' },
    ],
    models: [{ name: 'small', deployments: [], maxOutputTokens: 1_000 }],
    telemetry,
    fileBytes: 30 * 1024 ** 2,
  });
  const baseURL = `http://127.0.0.1:${ingress.port}/v1`;
  acme = new OpenAI({ baseURL, apiKey: 'acme-secret', maxRetries: 0 });
  other = new OpenAI({ baseURL, apiKey: 'other-secret', maxRetries: 0 });
  worker = new LaneWorker(
    bench.connection,
    { class: 'batch', tenant: 'acme' },
    {
      slots: 32,
      delayMs: 0,
      work: (job, body) => (body.messages[0]?.content === 'hold' ? undefined : echo(job, body)),
    },
  );
  await worker.start();
});

afterAll(async () => {
  worker.close();
  await ingress.close();
  await service.close();
  await telemetry.shutdown();
  await bench.close();
  expect(bench.errors).toEqual([]);
});

const upload = (client: OpenAI, text: string, name = 'requests.jsonl') =>
  toFile(Buffer.from(text), name).then((file) => client.files.create({ file, purpose: 'batch' }));

const begin = (client: OpenAI, inputFileId: string) =>
  client.batches.create({
    input_file_id: inputFileId,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
    metadata: { run: 'nightly' },
  });

const ended = (client: OpenAI, id: string) =>
  eventually(async () => {
    const batch = await client.batches.retrieve(id);
    return ['completed', 'failed', 'cancelled'].includes(batch.status) && batch;
  });

describe("OpenAI's own client", () => {
  it('sends a whole batch through, unmodified', async () => {
    const lines = Array.from({ length: 200 }, (_, i) => chatLine(`c${i + 1}`, `müsli ${i + 1}`));
    const file = await upload(acme, lines.join('\n'));
    expect(file).toMatchObject({
      object: 'file',
      purpose: 'batch',
      filename: 'requests.jsonl',
      status: 'processed',
    });
    expect(file.bytes).toBe(Buffer.byteLength(lines.join('\n')));
    expect(file.expires_at).toBe(file.created_at + 30 * 24 * 3_600);

    const created = await begin(acme, file.id);
    expect(created).toMatchObject({ object: 'batch', status: 'validating', metadata: { run: 'nightly' } });
    expect((created.expires_at ?? 0) - created.created_at).toBe(24 * 3_600);

    const batch = await ended(acme, created.id);
    expect(batch).toMatchObject({
      status: 'completed',
      request_counts: { total: 200, completed: 200, failed: 0 },
    });
    const text = await (await acme.files.content(batch.output_file_id ?? '')).text();
    const answers = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as ReadLine);
    expect(
      new Map(answers.map((line) => [line.custom_id, line.response?.body.choices[0]?.message.content])),
    ).toEqual(new Map(Array.from({ length: 200 }, (_, i) => [`c${i + 1}`, `müsli ${i + 1}`])));
  });

  it('lists, looks up and removes files and batches', async () => {
    const file = await upload(acme, 'not a line\n');
    const { id } = await begin(acme, file.id);
    expect(await ended(acme, id)).toMatchObject({
      status: 'failed',
      errors: { object: 'list', data: [{ line: 1, code: 'invalid_json_line' }] },
    });
    const batches: string[] = [];
    for await (const batch of acme.batches.list({ limit: 1 })) batches.push(batch.id);
    expect(batches).toContain(id);
    const files: string[] = [];
    for await (const one of acme.files.list({ purpose: 'batch', limit: 1, order: 'asc' })) files.push(one.id);
    expect(files).toContain(file.id);
    expect(await acme.files.retrieve(file.id)).toEqual(file);
    expect(await acme.files.delete(file.id)).toEqual({ id: file.id, object: 'file', deleted: true });
    await expect(acme.files.content(file.id)).rejects.toMatchObject({ status: 404, code: 'file_not_found' });
  });

  it('cancels', async () => {
    const file = await upload(acme, chatLine('a', 'hold'));
    const { id } = await begin(acme, file.id);
    await eventually(async () => (await acme.batches.retrieve(id)).status === 'in_progress');
    expect((await acme.batches.cancel(id)).status).toBe('cancelling');
    expect(await ended(acme, id)).toMatchObject({ status: 'cancelled', request_counts: { failed: 1 } });
    await begin(acme, file.id).then((batch) => acme.batches.cancel(batch.id));
  });

  it('waits for the end of a batch in one request, or until the time is over', async () => {
    const waited = (client: OpenAI, id: string, wait: string) =>
      client.batches.retrieve(id, { query: { wait } });
    let asked = 0;
    const asks = bench.connection.nc.subscribe(SUBJECT.askBatch, { callback: () => void asked++ });
    const file = await upload(acme, Array.from({ length: 500 }, (_, i) => chatLine(`c${i}`)).join('\n'));
    const { id } = await begin(acme, file.id);
    const batch = await waited(acme, id, '10m');
    expect(batch).toMatchObject({ status: 'completed', request_counts: { completed: 500 } });
    expect(batch.output_file_id).not.toBeNull();
    expect(await waited(acme, id, '10m')).toEqual(batch);
    // Before it waits, while it does, and at the end.
    expect(asked).toBeLessThanOrEqual(4);
    asks.unsubscribe();

    const held = await begin(acme, (await upload(acme, chatLine('a', 'hold'))).id);
    expect((await waited(acme, held.id, '1ms')).status).toMatch(/validating|in_progress/);
    const end = waited(acme, held.id, '10m');
    await eventually(async () => (await acme.batches.retrieve(held.id)).status === 'in_progress');
    await acme.batches.cancel(held.id);
    expect((await end).status).toBe('cancelled');

    await expect(waited(other, id, '1s')).rejects.toMatchObject({ status: 404, code: 'batch_not_found' });
    for (const wait of ['11m', 'long', '-1s'])
      await expect(waited(acme, id, wait)).rejects.toMatchObject({ status: 400, param: 'wait' });
  });

  it('gets 404 for whatever is not its own', async () => {
    const file = await upload(acme, chatLine('a'));
    const { id } = await begin(acme, file.id);
    await ended(acme, id);
    const missing = { status: 404, type: 'invalid_request_error' };
    await expect(other.files.retrieve(file.id)).rejects.toMatchObject({ ...missing, code: 'file_not_found' });
    await expect(other.files.content(file.id)).rejects.toMatchObject({ ...missing, code: 'file_not_found' });
    await expect(other.files.delete(file.id)).rejects.toMatchObject({ ...missing, code: 'file_not_found' });
    await expect(begin(other, file.id)).rejects.toMatchObject({ ...missing, param: 'input_file_id' });
    await expect(other.batches.retrieve(id)).rejects.toMatchObject({ ...missing, code: 'batch_not_found' });
    await expect(other.batches.cancel(id)).rejects.toMatchObject({ ...missing, code: 'batch_not_found' });
    expect((await other.batches.list()).data).toEqual([]);
    expect((await other.files.list()).data).toEqual([]);
  });
});

describe('bad input', () => {
  const post = (path: string, init: RequestInit) =>
    fetch(`http://127.0.0.1:${ingress.port}${path}`, {
      method: 'POST',
      ...init,
      headers: { authorization: 'Bearer acme-secret', ...init.headers },
    });
  const refused = async (response: Response) => ({
    status: response.status,
    ...((await response.json()) as { error: { code: string; param: string | null } }).error,
  });

  it.each([
    ['malformed JSON', '{', 400, 'malformed_json', null],
    ['no file', '{}', 400, 'invalid_request', 'input_file_id'],
    ['another endpoint', '{"input_file_id":"x","endpoint":"/v1/videos"}', 400, 'invalid_request', 'endpoint'],
    [
      'an endless window',
      '{"input_file_id":"x","endpoint":"/v1/embeddings","completion_window":"999h"}',
      400,
      'invalid_request',
      'completion_window',
    ],
    [
      'metadata that is no text',
      '{"input_file_id":"x","endpoint":"/v1/embeddings","completion_window":"24h","metadata":{"a":1}}',
      400,
      'invalid_request',
      'metadata',
    ],
    [
      'an unknown file',
      '{"input_file_id":"x","endpoint":"/v1/embeddings","completion_window":"10m"}',
      404,
      'file_not_found',
      'input_file_id',
    ],
  ])('in a batch: %s', async (_, body, status, code, param) => {
    const response = await post('/v1/batches', { body, headers: { 'content-type': 'application/json' } });
    expect(await refused(response)).toMatchObject({ status, code, param });
  });

  const form = (fields: Readonly<Record<string, string | Blob>>) => {
    const data = new FormData();
    for (const [name, value] of Object.entries(fields)) data.append(name, value);
    return data;
  };
  const blob = new Blob(['x']);

  it.each([
    ['no form', 'x', 415, 'unsupported_media_type'],
    ['no file', form({ purpose: 'batch' }), 400, 'invalid_request'],
    ['another purpose', form({ file: blob, purpose: 'assistants' }), 400, 'invalid_request'],
    ['no purpose', form({ file: blob }), 400, 'invalid_request'],
    ['two files', form({ file: blob, file2: blob, purpose: 'batch' }), 400, 'invalid_request'],
    [
      'an expiry out of bounds',
      form({
        file: blob,
        purpose: 'batch',
        'expires_after[anchor]': 'created_at',
        'expires_after[seconds]': '5',
      }),
      400,
      'invalid_request',
    ],
  ])('in a file: %s', async (_, body, status, code) => {
    expect(await refused(await post('/v1/files', { body }))).toMatchObject({ status, code });
  });

  it('a form that breaks off', async () => {
    const body = '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nabc';
    const response = await post('/v1/files', {
      body,
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    });
    expect(await refused(response)).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it('a file that is too large, of which nothing is kept', async () => {
    const stored = async () => {
      const info = await bench.connection.jsm.streams.info('OBJ_files', { subjects_filter: '$O.files.C.>' });
      return Object.keys(info.state.subjects ?? {}).length;
    };
    const before = await stored();
    const body = form({ file: new Blob([new Uint8Array(31 * 1024 ** 2)]), purpose: 'batch' });
    expect(await refused(await post('/v1/files', { body }))).toMatchObject({
      status: 413,
      code: 'body_too_large',
    });
    expect(await stored()).toBe(before);
  });

  it('a file larger than the largest request is welcome', async () => {
    const text = `${chatLine('a')}\n`.repeat(200_000);
    const file = await upload(acme, text);
    expect(file.bytes).toBe(text.length);
    const { parts } = await bench.ask<{ parts: unknown[] }>(SUBJECT.askFileContent, {
      tenant: 'acme',
      id: file.id,
    });
    expect(parts.length).toBeGreaterThan(10);
    const copy = Buffer.from(await (await acme.files.content(file.id)).arrayBuffer());
    expect(copy.equals(Buffer.from(text))).toBe(true);
  });

  it('no key', async () => {
    const response = await fetch(`http://127.0.0.1:${ingress.port}/v1/batches`);
    expect(await refused(response)).toMatchObject({ status: 401, code: 'missing_api_key' });
  });
});

import { SUBJECT, type BatchObject, type FileObject, type Page } from '@penstock/contracts';
import { encodeResult, publishDurably } from '@penstock/messaging';
import { eventually } from '@penstock/testing';
import type { RunningBatchService } from '../../services/batch/src/start-batch.js';
import { BatchBench, chatLine, chatLines } from './batch-bench.js';
import { completion, echo, failure, LaneWorker, type Work } from './lane-worker.js';

let bench: BatchBench;
let service: RunningBatchService;
let worker: LaneWorker | undefined;
let tenant: string;
let tenants = 0;

beforeAll(async () => {
  bench = await BatchBench.open();
  service = await bench.start({ limits: { maxLines: 5_000, maxProblems: 3 }, policy: { graceMs: 2_000 } });
});

beforeEach(() => {
  tenant = `tenant${++tenants}`;
});

afterEach(() => {
  worker?.close();
  expect(bench.errors.splice(0)).toEqual([]);
});

afterAll(async () => {
  await service.close();
  await bench.close();
});

async function work(does: Work, slots = 64): Promise<void> {
  worker = new LaneWorker(bench.connection, { class: 'batch', tenant }, { slots, delayMs: 0, work: does });
  await worker.start();
}

async function begin(
  lines: readonly string[],
  more: Parameters<BatchBench['create']>[2] = {},
): Promise<BatchObject> {
  const file = await bench.upload(tenant, lines.map((line) => `${line}\n`).join(''));
  return bench.create(tenant, file.id, more);
}

describe('a batch', () => {
  it('answers every line, once, under its own custom id', async () => {
    await work(echo);
    const { id, status } = await begin(chatLines(3_000), { metadata: { run: 'nightly' } });
    expect(status).toBe('validating');
    const batch = await bench.ended(tenant, id);
    expect(batch).toMatchObject({
      status: 'completed',
      model: 'small',
      errors: null,
      error_file_id: null,
      request_counts: { total: 3_000, completed: 3_000, failed: 0 },
      usage: {
        input_tokens: 30_000,
        input_tokens_details: { cached_tokens: 12_000 },
        output_tokens: 9_000,
        total_tokens: 39_000,
      },
      metadata: { run: 'nightly' },
    });
    expect([batch.in_progress_at, batch.finalizing_at, batch.completed_at]).not.toContain(null);
    const lines = await bench.read(tenant, batch.output_file_id);
    expect(new Set(lines.map((line) => line.custom_id)).size).toBe(3_000);
    for (const line of lines) expect(line.response?.body.choices[0]?.message.content).toBe(line.custom_id);
    expect([...(worker?.taken.values() ?? [])].every((times) => times === 1)).toBe(true);
  });

  it('is one for each id, with the first answer each time, also when it has ended and its file is gone', async () => {
    await work(echo);
    const file = await bench.upload(tenant, `${chatLine('a')}\n`);
    const create = () =>
      bench.create(tenant, file.id, { id: `batch_of_${tenant}`, metadata: { longer: 'than', a: '1' } });
    const [first, ...others] = await Promise.all([create(), create(), create()]);
    expect(first).toMatchObject({ id: `batch_of_${tenant}`, status: 'validating' });
    await bench.ended(tenant, `batch_of_${tenant}`);
    await bench.ask(SUBJECT.removeFile, { tenant, id: file.id });
    for (const other of [...others, await create()])
      expect(JSON.stringify(other)).toBe(JSON.stringify(first));
    const { data } = await bench.ask<Page<BatchObject>>(SUBJECT.askBatches, { tenant, limit: 10 });
    expect(data).toHaveLength(1);
    expect([...(worker?.taken.values() ?? [])]).toEqual([1]);
  });

  it('puts failures into the error file, with the status they would have had', async () => {
    await work((job, body) => (job.id.endsWith('.2') ? failure('provider_error') : echo(job, body)));
    const { id } = await begin(chatLines(3));
    const batch = await bench.ended(tenant, id);
    expect(batch).toMatchObject({
      status: 'completed',
      request_counts: { total: 3, completed: 2, failed: 1 },
    });
    expect((await bench.read(tenant, batch.output_file_id)).map((line) => line.custom_id).sort()).toEqual([
      'c1',
      'c3',
    ]);
    expect(await bench.read(tenant, batch.error_file_id)).toMatchObject([
      {
        custom_id: 'c2',
        error: null,
        response: { status_code: 502, body: { error: { code: 'provider_error' } } },
      },
    ]);
  });

  it('says of a line whose long answer is lost that it is, and ends all the same', async () => {
    await work((job, body) => (job.id.endsWith('.2') ? undefined : echo(job, body)));
    const { id } = await begin(chatLines(3));
    await eventually(() => worker?.taken.has(`${id}.2`));
    const usage = { inputTokens: 10, outputTokens: 3, source: 'provider' };
    const result = encodeResult(completion(''), JSON.stringify({ attempt: { usage } }), 'result.lost');
    await publishDurably(bench.connection, SUBJECT.result(tenant, `${id}.2`), '', { headers: result });
    const batch = await bench.ended(tenant, id);
    expect(batch).toMatchObject({
      status: 'completed',
      request_counts: { total: 3, completed: 2, failed: 1 },
      usage: { input_tokens: 30, output_tokens: 9 },
    });
    expect(await bench.read(tenant, batch.error_file_id)).toMatchObject([
      { custom_id: 'c2', response: null, error: { code: 'result_unavailable' } },
    ]);
  });

  it('fails as a whole when a line is wrong, names the lines, and releases none', async () => {
    await work(echo);
    const lines = [
      chatLine('a'),
      '{"custom_id":',
      chatLine('a'),
      chatLine('b'),
      chatLine('c', 'x', 'huge'),
      chatLine('d', 'x', 'huge'),
    ];
    const { id } = await begin(lines);
    const batch = await bench.ended(tenant, id);
    expect(batch).toMatchObject({
      status: 'failed',
      request_counts: { total: 0 },
      output_file_id: null,
      errors: {
        object: 'list',
        data: [
          { line: 2, code: 'invalid_json_line' },
          { line: 3, code: 'duplicate_custom_id', param: 'custom_id' },
          { line: 5, code: 'model_not_found', param: 'body.model' },
        ],
      },
    });
    expect(batch.failed_at).not.toBeNull();
    expect(worker?.taken.size).toBe(0);
  });

  it.each([
    ['has no lines', [], 'empty_file'],
    ['has too many lines', chatLines(5_001), 'too_many_lines'],
  ])('fails when its file %s', async (_, lines, code) => {
    const { id } = await begin(lines);
    expect(await bench.ended(tenant, id)).toMatchObject({
      status: 'failed',
      errors: { data: [{ code, line: null }] },
    });
  });

  it('when cancelled, keeps what is done, calls back what is under way, and releases no more', async () => {
    await work((job, body) => (Number(job.id.split('.')[1]) <= 10 ? echo(job, body) : undefined));
    const { id } = await begin(chatLines(5_000));
    await eventually(async () => (await bench.batch(tenant, id)).request_counts.completed === 10);
    const cancelling = await bench.ask<BatchObject>(SUBJECT.cancelBatch, { tenant, id });
    expect(cancelling.status).toBe('cancelling');
    const batch = await bench.ended(tenant, id);
    expect(batch).toMatchObject({
      status: 'cancelled',
      request_counts: { total: 5_000, completed: 10, failed: 4_990 },
    });
    expect((await bench.read(tenant, batch.output_file_id)).length).toBe(10);
    const cancelled = await bench.read(tenant, batch.error_file_id);
    expect(cancelled.length).toBe(4_990);
    expect(new Set(cancelled.map((line) => line.custom_id)).size).toBe(4_990);
    expect(new Set(cancelled.map((line) => line.error?.code))).toEqual(new Set(['batch_cancelled']));
    expect(await bench.ask<BatchObject>(SUBJECT.cancelBatch, { tenant, id })).toMatchObject({
      status: 'cancelled',
    });
  });

  it('when its window is over, keeps what is done and says of the rest that it expired', async () => {
    await work((job, body) => (job.id.endsWith('.1') ? echo(job, body) : undefined));
    const { id } = await begin(chatLines(20), { completionWindow: '1s', completionWindowMs: 1_000 });
    const batch = await bench.ended(tenant, id);
    expect(batch).toMatchObject({
      status: 'expired',
      request_counts: { total: 20, completed: 1, failed: 19 },
    });
    expect([batch.finalizing_at, batch.expired_at]).not.toContain(null);
    expect((await bench.read(tenant, batch.error_file_id)).length).toBe(19);
  });

  it('cannot be cancelled once it has ended', async () => {
    await work(echo);
    const { id } = await begin(chatLines(1));
    await bench.ended(tenant, id);
    expect(await bench.tell(SUBJECT.cancelBatch, { tenant, id })).toMatchObject({
      ok: false,
      refusal: { code: 'batch_not_cancellable' },
    });
  });

  it('is there for its own tenant only', async () => {
    await work(echo);
    const { id, input_file_id: file } = await begin(chatLines(1));
    await bench.ended(tenant, id);
    for (const subject of [SUBJECT.askBatch, SUBJECT.cancelBatch]) {
      expect(await bench.tell(subject, { tenant: 'other', id })).toMatchObject({
        refusal: { code: 'batch_not_found' },
      });
    }
    for (const subject of [SUBJECT.askFile, SUBJECT.askFileContent, SUBJECT.removeFile]) {
      expect(await bench.tell(subject, { tenant: 'other', id: file })).toMatchObject({
        refusal: { code: 'file_not_found' },
      });
    }
    await expect(bench.create('other', file)).rejects.toThrow('file_not_found');
    expect(
      await bench.ask<Page<BatchObject>>(SUBJECT.askBatches, { tenant: 'other', limit: 10 }),
    ).toMatchObject({
      data: [],
      has_more: false,
    });
  });
});

describe('lists', () => {
  it('come in pages, newest first', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift((await begin([])).id);
    const pages: string[][] = [];
    for (let after: string | undefined; ;) {
      const page: Page<BatchObject> = await bench.ask(SUBJECT.askBatches, {
        tenant,
        limit: 2,
        ...(after && { after }),
      });
      pages.push(page.data.map((batch) => batch.id));
      if (!page.has_more) break;
      after = page.last_id ?? undefined;
    }
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    const listed = pages.flat();
    expect(listed).toEqual([...listed].sort().reverse());
    expect(new Set(listed)).toEqual(new Set(ids));
    await Promise.all(ids.map((id) => bench.ended(tenant, id)));
  });

  it('of files can be narrowed to a purpose', async () => {
    await work(echo);
    await bench.ended(tenant, (await begin(chatLines(1))).id);
    const list = (purpose: string) =>
      bench.ask<Page<FileObject>>(SUBJECT.askFiles, { tenant, limit: 10, purpose });
    expect((await list('batch_output')).data.length).toBe(1);
    expect((await list('batch')).data.length).toBe(1);
    expect((await list('fine-tune')).data.length).toBe(0);
  });
});

describe('a file', () => {
  it('is one for each id, with the first answer each time', async () => {
    const register = () => {
      const parts = [{ name: 'some.0', bytes: 3 }];
      const file = { tenant, id: `file_of_${tenant}`, filename: 'in.jsonl', purpose: 'batch', parts };
      return bench.ask<FileObject>(SUBJECT.registerFile, file);
    };
    const first = await register();
    // Instants are told in seconds.
    await eventually(() => Math.floor(Date.now() / 1_000) > first.created_at);
    expect(await register()).toEqual(first);
  });

  it('can be removed once no batch reads it', async () => {
    await work(() => undefined);
    const { id, input_file_id: file } = await begin(chatLines(1));
    await eventually(() => worker?.taken.size === 1);
    expect(await bench.tell(SUBJECT.removeFile, { tenant, id: file })).toMatchObject({
      refusal: { code: 'unprocessable' },
    });
    await bench.ask(SUBJECT.cancelBatch, { tenant, id });
    await bench.ended(tenant, id);
    expect(await bench.ask(SUBJECT.removeFile, { tenant, id: file })).toEqual({
      id: file,
      object: 'file',
      deleted: true,
    });
    expect(await bench.tell(SUBJECT.askFile, { tenant, id: file })).toMatchObject({
      refusal: { code: 'file_not_found' },
    });
  });
});

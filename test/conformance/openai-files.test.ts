import { eventually } from '@penstock/testing';
import OpenAI, { toFile } from 'openai';
import { startRecordedStack, type RecordedStack } from './wire/recorded-stack.js';

/** Files, batches and models by OpenAI's own client, unmodified but for its base URL and key. */
describe('the openai client, files and batches', () => {
  let recorded: RecordedStack;
  let client: OpenAI;
  beforeAll(async () => {
    recorded = await startRecordedStack();
    client = new OpenAI({ baseURL: `${recorded.url}/v1`, apiKey: recorded.key, maxRetries: 0 });
  });
  afterEach(() => void recorded.checked());
  afterAll(() => recorded.close());

  const messages = [{ role: 'user' as const, content: 'Name a river.' }];

  it('runs a whole batch', async () => {
    const lines = Array.from({ length: 40 }, (_, i) =>
      JSON.stringify({
        custom_id: `line-${i}`,
        method: 'POST',
        url: '/v1/chat/completions',
        body: { model: 'small', messages: [{ role: 'user', content: `Number ${i}.` }] },
      }),
    );
    const file = await client.files.create({
      file: await toFile(Buffer.from(lines.join('\n')), 'in.jsonl'),
      purpose: 'batch',
    });
    expect(file).toMatchObject({ object: 'file', purpose: 'batch', filename: 'in.jsonl' });
    const created = await client.batches.create({
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
      metadata: { for: 'conformance' },
    });
    const done = await eventually(
      async () => {
        const batch = await client.batches.retrieve(created.id);
        return batch.status === 'completed' ? batch : undefined;
      },
      { timeoutMs: 30_000, what: 'the batch' },
    );
    expect(done).toMatchObject({
      request_counts: { total: 40, completed: 40, failed: 0 },
      metadata: { for: 'conformance' },
    });
    const output = await (await client.files.content(done.output_file_id ?? '')).text();
    const answers = output
      .trim()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as {
            custom_id: string;
            response: { status_code: number; body: { object: string } };
          },
      );
    expect(new Set(answers.map(({ custom_id }) => custom_id)).size).toBe(40);
    expect(
      answers.every(
        ({ response }) => response.status_code === 200 && response.body.object === 'chat.completion',
      ),
    ).toBe(true);
    expect((await client.batches.list()).data.map(({ id }) => id)).toContain(created.id);
  });

  it('fails a batch with the numbers of its bad lines', async () => {
    const good = { method: 'POST', url: '/v1/chat/completions', body: { model: 'small', messages } };
    const lines = [
      JSON.stringify({ custom_id: 'a', ...good }),
      '{"custom_id": "b"',
      JSON.stringify({ custom_id: 'a', ...good }),
      JSON.stringify({ custom_id: 'c', ...good, body: { model: 'nope', messages } }),
    ];
    const file = await client.files.create({
      file: await toFile(Buffer.from(lines.join('\n')), 'bad.jsonl'),
      purpose: 'batch',
    });
    const { id } = await client.batches.create({
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    });
    const failed = await eventually(async () => {
      const batch = await client.batches.retrieve(id);
      return batch.status === 'failed' ? batch : undefined;
    });
    expect(failed.errors?.data?.map(({ code, line }) => [code, line])).toEqual([
      ['invalid_json_line', 2],
      ['duplicate_custom_id', 3],
      ['model_not_found', 4],
    ]);
  });

  it('lists, describes and deletes files, and throws its own error class for those that are not there', async () => {
    const file = await client.files.create({
      file: await toFile(Buffer.from('{}'), 'x.jsonl'),
      purpose: 'batch',
    });
    expect((await client.files.list()).data.map(({ id }) => id)).toContain(file.id);
    expect(await client.files.retrieve(file.id)).toMatchObject({ id: file.id, bytes: 2 });
    expect(await client.files.delete(file.id)).toMatchObject({ id: file.id, deleted: true });
    await expect(client.files.retrieve(file.id)).rejects.toThrow(OpenAI.NotFoundError);
    await expect(client.batches.retrieve('batch_none')).rejects.toThrow(OpenAI.NotFoundError);
  });

  it('cancels a batch', async () => {
    const lines = Array.from({ length: 3 }, (_, i) =>
      JSON.stringify({
        custom_id: `line-${i}`,
        method: 'POST',
        url: '/v1/chat/completions',
        body: { model: 'small', messages: [{ role: 'user', content: '[[fault: hang]]' }] },
      }),
    );
    const file = await client.files.create({
      file: await toFile(Buffer.from(lines.join('\n')), 'hang.jsonl'),
      purpose: 'batch',
    });
    const { id } = await client.batches.create({
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    });
    await eventually(async () => {
      const { status } = await client.batches.retrieve(id);
      return status === 'in_progress' ? status : undefined;
    });
    expect((await client.batches.cancel(id)).status).toMatch(/^cancell/);
    await eventually(
      async () => {
        const { status } = await client.batches.retrieve(id);
        return status === 'cancelled' ? status : undefined;
      },
      { timeoutMs: 30_000, what: 'the end of a cancelled batch' },
    );
  });
});

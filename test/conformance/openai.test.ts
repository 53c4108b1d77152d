import { eventually } from '@penstock/testing';
import OpenAI, { toFile } from 'openai';
import { startStack, type Stack } from '../stack/start-stack.js';

/** OpenAI's own client, unmodified but for its base URL and key, against the whole stack. */
describe('the openai client', () => {
  let stack: Stack;
  let client: OpenAI;
  beforeAll(async () => {
    stack = await startStack();
    client = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.keys.acme, maxRetries: 0 });
  });
  afterAll(() => stack.close());

  const messages = [{ role: 'user' as const, content: 'Name a river.' }];

  it('makes a sync call', async () => {
    const { data, response } = await client.chat.completions
      .create({ model: 'small', messages })
      .withResponse();
    expect(data).toMatchObject({ object: 'chat.completion', choices: [{ finish_reason: 'stop' }] });
    expect(data.usage?.prompt_tokens).toBeGreaterThan(0);
    expect(response.headers.get('x-penstock-job')).toMatch(/^job_/);
  });

  it('streams, with usage only when it asks for it', async () => {
    const read = async (options?: { include_usage: boolean }) => {
      const stream = await client.chat.completions.create({
        model: 'small',
        messages,
        stream: true,
        ...(options && { stream_options: options }),
      });
      const chunks: OpenAI.ChatCompletionChunk[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      return chunks;
    };
    const plain = await read();
    expect(plain.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBeTruthy();
    expect(plain.some(({ usage }) => usage)).toBe(false);
    const counted = await read({ include_usage: true });
    expect(counted.at(-1)?.usage?.completion_tokens).toBeGreaterThan(0);
  });

  it('embeds, completes and lists models', async () => {
    const embedding = await client.embeddings.create({
      model: 'embedding',
      input: 'a river',
      encoding_format: 'float',
    });
    expect(embedding.data[0]?.embedding.length).toBeGreaterThan(0);
    const completion = await client.completions.create({ model: 'small', prompt: 'Once' });
    expect(completion.choices[0]?.text).toBeTruthy();
    const models = await client.models.list();
    expect(models.data.map(({ id }) => id)).toEqual(['small', 'flaky', 'embedding']);
    expect(await client.models.retrieve('small')).toMatchObject({ id: 'small', object: 'model' });
  });

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

  it('throws its own error classes', async () => {
    const wrongKey = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: 'sk-nobody', maxRetries: 0 });
    await expect(wrongKey.models.list()).rejects.toThrow(OpenAI.AuthenticationError);
    await expect(client.chat.completions.create({ model: 'nope', messages })).rejects.toThrow(
      OpenAI.NotFoundError,
    );
    await expect(client.chat.completions.create({ model: 'small', messages: [] })).rejects.toMatchObject({
      status: 400,
      code: 'invalid_request',
      param: 'messages',
    });
    await expect(client.batches.retrieve('batch_none')).rejects.toThrow(OpenAI.NotFoundError);
  });
});

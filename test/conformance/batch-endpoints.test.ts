import { eventually } from '@penstock/testing';
import OpenAI, { toFile } from 'openai';
import { startStack, STACK_DEPLOYMENTS, STACK_MODELS, type Stack } from '../stack/start-stack.js';

/** OpenAI's Batch API, over every endpoint that it has and Penstock serves. */
describe('a batch of the openai client', () => {
  let stack: Stack;
  let client: OpenAI;
  beforeAll(async () => {
    const extra = ['moderation', 'image'];
    stack = await startStack({
      deployments: [
        ...STACK_DEPLOYMENTS,
        ...extra.map((kind) => ({
          ...{ id: `simulator/${kind}`, provider: 'simulator', upstreamModel: `sim-${kind}` },
          ...{ price: { input: 1, output: 2 }, limits: { concurrency: 8 } },
        })),
      ],
      models: [
        ...STACK_MODELS,
        ...extra.map((name) => ({ name, deployments: [`simulator/${name}`], maxOutputTokens: 4_096 })),
      ],
    });
    client = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.keys.acme, maxRetries: 0 });
  });
  afterAll(() => stack.close());

  const picture = `data:image/png;base64,${Buffer.from('x').toString('base64')}`;

  it.each([
    [
      '/v1/chat/completions',
      { model: 'small', messages: [{ role: 'user', content: 'x' }] },
      { object: 'chat.completion' },
    ],
    ['/v1/responses', { model: 'small', input: 'x' }, { object: 'response', status: 'completed' }],
    ['/v1/completions', { model: 'small', prompt: 'x' }, { object: 'text_completion' }],
    ['/v1/embeddings', { model: 'embedding', input: 'x' }, { object: 'list' }],
    ['/v1/moderations', { model: 'moderation', input: 'a bomb' }, { results: [{ flagged: true }] }],
    ['/v1/images/generations', { model: 'image', prompt: 'x', size: '256x256' }, { output_format: 'png' }],
    [
      '/v1/images/edits',
      { model: 'image', prompt: 'x', size: '256x256', images: [{ image_url: picture }] },
      { output_format: 'png' },
    ],
  ] as const)('is answered at %s', async (endpoint, body, expected) => {
    const lines = ['a', 'b'].map((custom_id) =>
      JSON.stringify({ custom_id, method: 'POST', url: endpoint, body }),
    );
    const file = await client.files.create({
      file: await toFile(Buffer.from(lines.join('\n')), 'in.jsonl'),
      purpose: 'batch',
    });
    const { id } = await client.batches.create({
      ...{ input_file_id: file.id, endpoint, completion_window: '24h' },
    });
    const done = await eventually(
      async () => {
        const batch = await client.batches.retrieve(id);
        return ['completed', 'failed'].includes(batch.status) ? batch : undefined;
      },
      { timeoutMs: 30_000, what: 'the batch' },
    );
    expect(done).toMatchObject({
      status: 'completed',
      errors: null,
      request_counts: { completed: 2, failed: 0 },
    });
    const output = await (await client.files.content(done.output_file_id ?? '')).text();
    const answers = output
      .trim()
      .split('\n')
      .map(
        (line) => JSON.parse(line) as { custom_id: string; response: { status_code: number; body: object } },
      );
    expect(answers.map(({ custom_id }) => custom_id).sort()).toEqual(['a', 'b']);
    for (const { response } of answers) {
      expect(response.status_code).toBe(200);
      expect(response.body).toMatchObject(expected);
    }
  });
});

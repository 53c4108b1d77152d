import { connect } from 'nats';
import { jetstream } from '@nats-io/jetstream';
import OpenAI, { toFile } from 'openai';
import { eventually } from '@penstock/testing';
import { postToStack } from '../stack/post-to-stack.js';
import { startStack, type Stack } from '../stack/start-stack.js';

describe('what is accepted, refused and ended is counted', () => {
  let stack: Stack;
  beforeAll(async () => (stack = await startStack()));
  afterAll(() => stack.close());

  const body = { model: 'small', messages: [{ role: 'user', content: 'Say something.' }] };
  /** The value of the series with these labels; 0 when there is none. */
  const count = async (service: string, metric: string, labels: Readonly<Record<string, string>>) => {
    const lines = (await stack.scrape(service)).split('\n').filter((line) => line.startsWith(`${metric}{`));
    const wanted = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
    const found = lines.find((line) => wanted.every((label) => line.includes(label)));
    return Number(found?.split(' ')[1] ?? 0);
  };

  it('at the ingress', async () => {
    expect((await postToStack(stack, { body })).status).toBe(200);
    expect((await postToStack(stack, { body, path: '/v1/jobs' })).status).toBe(202);
    expect((await postToStack(stack, { body: { ...body, model: 'none' } })).status).toBe(404);
    expect((await postToStack(stack, { body: { ...body, model: 'none' }, path: '/v1/jobs' })).status).toBe(
      404,
    );
    const accepted = (priorityClass: string) =>
      count('ingress', 'penstock_jobs_accepted_total', { class: priorityClass, origin: 'http' });
    expect([await accepted('interactive'), await accepted('standard')]).toEqual([1, 1]);
    expect(
      await count('ingress', 'penstock_refusals_total', { origin: 'http', code: 'model_not_found' }),
    ).toBe(2);
  });

  it('at the router, of publishers', async () => {
    const nc = await connect({ servers: stack.natsUrl });
    await jetstream(nc).publish('jobs.standard.acme', 'no JSON', { msgID: 'broken' });
    await eventually(async () =>
      (await count('router', 'penstock_refusals_total', { origin: 'subject', code: 'malformed_json' })) === 1
        ? true
        : undefined,
    );
    await nc.close();
  });

  it('at the batch service, line by line', async () => {
    const client = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.keys.acme, maxRetries: 0 });
    const line = (id: string) =>
      JSON.stringify({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body });
    const file = await client.files.create({
      purpose: 'batch',
      file: await toFile(Buffer.from(`${line('a')}\n${line('b')}\n`), 'in.jsonl'),
    });
    const { id } = await client.batches.create({
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    });
    await eventually(
      async () => ((await client.batches.retrieve(id)).status === 'completed' ? true : undefined),
      { timeoutMs: 20_000 },
    );
    expect(await count('batch', 'penstock_batch_lines_total', { outcome: 'completed' })).toBe(2);
    expect(await count('batch', 'penstock_jobs_accepted_total', { class: 'batch', origin: 'batch' })).toBe(2);
  });
});

import { eventually } from '@penstock/testing';
import OpenAI from 'openai';
import { startStack, type Stack } from '../stack/start-stack.js';

interface Shown {
  readonly data: Readonly<Record<string, unknown>>;
}

/** What OpenRouter's clients ask beside their calls, at the paths where they ask it. */
describe("OpenRouter's endpoints", () => {
  let stack: Stack;
  let client: OpenAI;
  beforeAll(async () => {
    stack = await startStack();
    client = new OpenAI({ baseURL: `${stack.url}/api/v1`, apiKey: stack.keys.acme, maxRetries: 0 });
  });
  afterAll(() => stack.close());

  const get = (path: string, key: string = stack.keys.acme) =>
    fetch(`${stack.url}/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } });

  const shown = async (path: string, key?: string) => (await (await get(path, key)).json()) as Shown;

  const generation = (id: string) =>
    eventually(async () => {
      const answer = await get(`/generation?id=${encodeURIComponent(id)}`);
      return answer.status === 200 ? ((await answer.json()) as Shown).data : undefined;
    });

  it('finds a generation by the id in its answer and by its job, with tokens and cost', async () => {
    const { data, response } = await client.chat.completions
      .create({ model: 'small', messages: [{ role: 'user', content: 'Name a river.' }] })
      .withResponse();
    const found = await generation(data.id);
    const [input, output] = [data.usage?.prompt_tokens ?? 0, data.usage?.completion_tokens ?? 0];
    expect(found).toMatchObject({
      id: data.id,
      upstream_id: data.id,
      model: 'small',
      provider_name: 'simulator',
      api_type: 'openai.chat',
      tokens_prompt: input,
      tokens_completion: output,
      cancelled: false,
    });
    expect(found['total_cost']).toBeCloseTo((input * 0.15 + output * 0.6) / 1e6, 12);
    const job = response.headers.get('x-penstock-job') ?? '';
    expect(await generation(job)).toMatchObject({
      id: job,
      request_id: job,
      total_cost: found['total_cost'],
    });
  });

  it('knows nothing of what is not, or is not mine', async () => {
    const { response } = await client.chat.completions
      .create({ model: 'small', messages: [{ role: 'user', content: 'x' }] })
      .withResponse();
    const job = response.headers.get('x-penstock-job') ?? '';
    await generation(job);
    expect((await get(`/generation?id=${job}`, stack.keys.globex)).status).toBe(404);
    const missing = await get('/generation?id=gen-none');
    expect([missing.status, await missing.json()]).toMatchObject([404, { error: { param: 'id' } }]);
    expect((await get('/generation')).status).toBe(400);
    expect((await get('/key', 'sk-nobody')).status).toBe(401);
  });

  it('tells what the key and the tenant have spent', async () => {
    const before = await shown('/key');
    const { response } = await client.chat.completions
      .create({ model: 'small', messages: [{ role: 'user', content: 'Name two rivers.' }] })
      .withResponse();
    const { total_cost: cost } = await generation(response.headers.get('x-penstock-job') ?? '');
    const after = await shown('/key');
    expect(after.data).toMatchObject({ label: 'default', limit: null, is_free_tier: false });
    for (const period of ['usage', 'usage_daily', 'usage_weekly', 'usage_monthly']) {
      expect(after.data[period]).toBeCloseTo(Number(before.data[period]) + Number(cost), 12);
    }
    expect((await shown('/credits')).data).toEqual({
      total_credits: null,
      total_usage: after.data['usage'],
    });
    expect((await shown('/credits', stack.keys.globex)).data['total_usage']).toBe(0);
  });

  it('lists models with their prices', async () => {
    const { data } = (await shown('/models')) as unknown as { data: readonly Shown['data'][] };
    expect(data[0]).toMatchObject({
      id: 'small',
      object: 'model',
      pricing: { prompt: '0.00000015', completion: '0.0000006' },
      top_provider: { max_completion_tokens: 4_096 },
    });
  });
});

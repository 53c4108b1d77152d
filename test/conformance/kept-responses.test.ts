import { eventually } from '@penstock/testing';
import OpenAI from 'openai';
import { startStack, STACK_DEPLOYMENTS, STACK_MODELS, type Stack } from '../stack/start-stack.js';

/** Responses that a later request goes on from, with OpenAI's own client, on providers of its dialect and of another. */
describe('responses that are kept', () => {
  let stack: Stack;
  let client: OpenAI;
  beforeAll(async () => {
    const claude = { id: 'claude/small', provider: 'claude', upstreamModel: 'sim-small' };
    stack = await startStack({
      deployments: [
        ...STACK_DEPLOYMENTS,
        { ...claude, price: { input: 1, output: 1 }, limits: { concurrency: 8 } },
      ],
      models: [...STACK_MODELS, { name: 'claude', deployments: ['claude/small'], maxOutputTokens: 4_096 }],
      providers: {
        simulator: { adapter: 'openai', path: '/v1' },
        claude: { adapter: 'anthropic', path: '/v1' },
      },
    });
    client = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.keys.acme, maxRetries: 0 });
  });
  afterAll(() => stack.close());

  const say = (text: string) => `[[say: ${text}]]`;

  it.each(['small', 'claude'])('are gone on from, fetched, listed and deleted: %s', async (model) => {
    const first = await client.responses.create({ model, input: say('the gate is open') });
    const second = await client.responses.create({
      ...{ model, input: say('so it is'), previous_response_id: first.id },
    });
    // The model was given the question, its answer, and the new question.
    expect(second.usage?.input_tokens).toBeGreaterThan((first.usage?.input_tokens ?? 0) + 4);
    const third = await client.responses.create({
      model,
      input: say('yes'),
      previous_response_id: second.id,
    });
    expect(third.usage?.input_tokens).toBeGreaterThan(second.usage?.input_tokens ?? 0);

    expect(await client.responses.retrieve(second.id)).toMatchObject({
      id: second.id,
      output_text: 'so it is',
      previous_response_id: first.id,
    });
    const items: object[] = [];
    for await (const item of client.responses.inputItems.list(second.id, { order: 'asc', limit: 2 }))
      items.push(item);
    expect(items).toMatchObject([
      { role: 'user', content: [{ text: say('the gate is open') }] },
      { role: 'assistant', content: [{ text: 'the gate is open' }] },
      { role: 'user', content: [{ text: say('so it is') }] },
    ]);

    await client.responses.delete(second.id);
    await expect(client.responses.retrieve(second.id)).rejects.toThrow(OpenAI.NotFoundError);
  });

  it('are those of streams too', async () => {
    const stream = await client.responses.create({ model: 'small', input: say('one'), stream: true });
    let id = '';
    for await (const event of stream) if (event.type === 'response.completed') id = event.response.id;
    expect(await client.responses.retrieve(id)).toMatchObject({ id, output_text: 'one' });
    const next = await client.responses.create({
      model: 'small',
      input: say('two'),
      previous_response_id: id,
    });
    expect(next.output_text).toBe('two');
  });

  it('are those made in the background too', async () => {
    const { id } = await client.responses.create({ model: 'small', input: say('one'), background: true });
    await eventually(async () => (await client.responses.retrieve(id)).status === 'completed' || undefined);
    const next = await client.responses.create({
      model: 'claude',
      input: say('two'),
      previous_response_id: id,
    });
    const items = await client.responses.inputItems.list(next.id, { order: 'asc' });
    expect(items.data).toHaveLength(3);
  });

  it('are not kept where the client says so, nor shown to others', async () => {
    const passing = await client.responses.create({ model: 'small', input: 'x', store: false });
    await expect(client.responses.retrieve(passing.id)).rejects.toThrow(OpenAI.NotFoundError);
    const kept = await client.responses.create({ model: 'small', input: 'x' });
    const others = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.keys.globex, maxRetries: 0 });
    await expect(others.responses.retrieve(kept.id)).rejects.toThrow(OpenAI.NotFoundError);
    await expect(
      others.responses.create({ model: 'claude', input: 'x', previous_response_id: kept.id }),
    ).rejects.toMatchObject({ status: 422, param: 'previous_response_id' });
    await expect(client.responses.delete('resp_none')).rejects.toThrow(OpenAI.NotFoundError);
  });
});

describe('a tenant of which nothing is kept', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      tenants: [
        { id: 'acme', weight: 1, data: { zeroRetention: true } },
        { id: 'globex', weight: 1 },
      ],
      deployments: STACK_DEPLOYMENTS.map((deployment) => ({ ...deployment, terms: { keepsNothing: true } })),
    });
  });
  afterAll(() => stack.close());

  it('is answered, and told why it cannot go on from a response', async () => {
    const client = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.keys.acme, maxRetries: 0 });
    const { id } = await client.responses.create({ model: 'small', input: 'x' });
    await expect(client.responses.retrieve(id)).rejects.toThrow(OpenAI.NotFoundError);
    await expect(
      client.responses.create({ model: 'small', input: 'x', previous_response_id: id }),
    ).rejects.toMatchObject({
      status: 422,
      param: 'previous_response_id',
      message: expect.stringContaining('zeroRetention') as string,
    });
  });
});

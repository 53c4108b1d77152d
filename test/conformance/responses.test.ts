import { eventually } from '@penstock/testing';
import OpenAI from 'openai';
import { fetch } from 'undici';
import { modelOf } from '../../services/simulator/src/models/read-model.js';
import { STACK_DEPLOYMENTS, STACK_MODELS, startStack, type Stack } from '../stack/start-stack.js';

/** OpenAI's Responses through the whole stack, and what is too long for a message. */
describe('the openai client, Responses', () => {
  let stack: Stack;
  let client: OpenAI;
  beforeAll(async () => {
    stack = await startStack({
      simulated: [modelOf('sim-small'), modelOf('sim-long', 'chat', { contextTokens: 10_000_000 })],
      deployments: [
        ...STACK_DEPLOYMENTS,
        {
          id: 'simulator/long',
          provider: 'simulator',
          upstreamModel: 'sim-long',
          price: { input: 1, output: 1 },
          limits: { concurrency: 4 },
        },
      ],
      models: [
        ...STACK_MODELS,
        { name: 'long', deployments: ['simulator/long'], maxOutputTokens: 1_000_000 },
      ],
    });
    client = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.keys.acme, maxRetries: 0 });
  });
  afterAll(() => stack.close());

  it('makes one, whole and streamed', async () => {
    const input = '[[say: the river is high]]';
    const whole = await client.responses.create({ model: 'small', input });
    expect(whole).toMatchObject({
      object: 'response',
      status: 'completed',
      output_text: 'the river is high',
    });
    const types: string[] = [];
    for await (const { type } of await client.responses.create({ model: 'small', input, stream: true }))
      types.push(type);
    expect([types[0], types.at(-1)]).toEqual(['response.created', 'response.completed']);
  });

  it('makes one in the background, to be polled', async () => {
    const created = await client.responses.create({
      model: 'small',
      input: '[[say: done]]',
      background: true,
    });
    expect(created).toMatchObject({ object: 'response', status: 'queued', model: 'small' });
    const done = await eventually(async () => {
      const response = await client.responses.retrieve(created.id);
      return response.status === 'completed' ? response : undefined;
    });
    expect(done).toMatchObject({ id: created.id, output_text: 'done' });
    const other = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.keys.globex, maxRetries: 0 });
    await expect(other.responses.retrieve(created.id)).rejects.toThrow(OpenAI.NotFoundError);
  });

  it('cancels one in the background', async () => {
    const created = await client.responses.create({
      model: 'small',
      input: '[[fault: hang]]',
      background: true,
    });
    await eventually(async () => {
      const { status } = await client.responses.retrieve(created.id);
      return status === 'in_progress' ? status : undefined;
    });
    expect(await client.responses.cancel(created.id)).toMatchObject({ id: created.id, status: 'cancelled' });
    await eventually(async () => {
      const { status } = await client.responses.retrieve(created.id);
      return status === 'cancelled' ? status : undefined;
    });
  });

  it('throws its own error classes', async () => {
    const nobody = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: 'sk-nobody', maxRetries: 0 });
    await expect(nobody.responses.create({ model: 'small', input: 'x' })).rejects.toThrow(
      OpenAI.AuthenticationError,
    );
    await expect(client.responses.create({ model: 'nope', input: 'x' })).rejects.toThrow(
      OpenAI.NotFoundError,
    );
    await expect(client.responses.retrieve('resp_none')).rejects.toThrow(OpenAI.NotFoundError);
  });

  it('takes bodies and gives answers that are longer than a message', async () => {
    const river = 'the river is high and it is rising '.repeat(60_000);
    const messages = [
      { role: 'user' as const, content: river },
      { role: 'user' as const, content: '[[say: ok]]' },
    ];
    const answer = await client.chat.completions.create({ model: 'long', messages });
    expect(answer.choices[0]?.message.content).toBe('ok');

    const echo = [{ role: 'user' as const, content: `[[say: ${river}]]` }];
    const long = await client.chat.completions.create({
      model: 'long',
      messages: echo,
      max_tokens: 1_000_000,
    });
    expect(long.choices[0]?.message.content).toHaveLength(river.length - 1);

    const created = await client.responses.create({
      model: 'long',
      input: `[[say: ${river}]]`,
      max_output_tokens: 1_000_000,
      background: true,
    });
    const kept = await eventually(
      async () => {
        const response = await client.responses.retrieve(created.id);
        return response.status === 'completed' ? response : undefined;
      },
      { timeoutMs: 20_000, what: 'the long response' },
    );
    expect(kept.output_text).toHaveLength(river.length - 1);
    // Of all that was put aside, the kept answer alone is still there.
    await eventually(async () => {
      const { state } = await stack.connection.jsm.streams.info('OBJ_payloads', {
        subjects_filter: '$O.payloads.C.>',
      });
      return Object.keys(state.subjects ?? {}).length === 1 ? true : undefined;
    });
  });

  it('lets Gemini clients in by header and by query, and answers them in their shape', async () => {
    const generate = (key: string, headers: Record<string, string> = {}) =>
      fetch(`${stack.url}/v1beta/models/small:generateContent${key}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ contents: [{ parts: [{ text: 'x' }] }] }),
      });
    expect((await generate(`?key=${stack.keys.acme}`)).status).toBe(200);
    expect((await generate('', { 'x-goog-api-key': stack.keys.acme })).status).toBe(200);
    const refused = await generate('?key=wrong');
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ error: { code: 401, status: 'UNAUTHENTICATED' } });
    const models = await fetch(`${stack.url}/v1beta/models?key=${stack.keys.acme}`);
    expect(await models.json()).toMatchObject({ models: [{ name: 'models/small' }, {}, {}, {}] });
  });
});

import { eventually } from '@penstock/testing';
import OpenAI from 'openai';
import { anthropic, messages, startRuledStack, type RuledStack } from './ruled-stack.js';

let ruled: RuledStack;
let { stack, proxy, call }: RuledStack = {} as RuledStack;

beforeAll(async () => {
  ruled = await startRuledStack();
  ({ stack, proxy, call } = ruled);
});

afterAll(() => ruled.close());

const globex = () => ({ secret: stack.keys.globex });

describe('rules for requests', () => {
  const asked = {
    model: 'shaped',
    max_tokens: 5,
    seed: 7,
    presence_penalty: 2,
    logit_bias: { '1': 1 },
  };
  const sent = {
    model: 'sim-small',
    max_completion_tokens: 5,
    seed: 8,
    presence_penalty: 1,
    temperature: 0.2,
    top_p: 0.9,
    messages: [{ role: 'system', content: 'Be kind.' }, ...messages],
  };

  it.each([false, true])('of each kind change what the provider is sent (streamed: %s)', async (stream) => {
    expect((await call({ ...asked, stream })).status).toBe(200);
    const { body } = proxy.take();
    expect(body).toMatchObject(sent);
    expect(body).not.toHaveProperty('max_tokens');
    expect(body).not.toHaveProperty('logit_bias');
  });

  it('apply in the dialect of an Anthropic client before it is translated', async () => {
    const answer = await call({ model: 'shaped', max_tokens: 9, temperature: 0.7 }, anthropic);
    expect(answer).toMatchObject({ status: 200, json: { type: 'message', whole: true, region: 'here' } });
    expect(proxy.take()).toMatchObject({
      path: '/v1/chat/completions',
      body: { temperature: 0.7, top_p: 0.9, messages: [{ content: 'Be kind.' }, { role: 'user' }] },
    });
  });

  it('go tenant, model, provider, and the instructions of the outermost stand first', async () => {
    expect((await call({ model: 'ruled' })).status).toBe(200);
    expect(proxy.take().body).toMatchObject({ user: 'provider' });
    await call({ model: 'plain' }, globex());
    expect(proxy.take().body).toMatchObject({
      user: 'tenant',
      messages: [{ role: 'system', content: 'You work for Globex.' }, ...messages],
    });
    await call({ model: 'shaped', seed: 1 }, globex());
    expect(proxy.take().body['messages']).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'system', content: 'You work for Globex.' },
      ...messages,
    ]);
  });

  it('of a provider see its own dialect, also where the request was translated', async () => {
    expect((await call({ model: 'claude', max_tokens: 9 })).status).toBe(200);
    expect(proxy.take()).toMatchObject({ path: '/v1/messages', body: { metadata: { user_id: 'wire' } } });
    expect((await call({ model: 'claude', max_tokens: 9 }, anthropic)).status).toBe(200);
    expect(proxy.take()).toMatchObject({ path: '/v1/messages', body: { metadata: { user_id: 'wire' } } });
  });

  it('leave the bytes alone where there is none', async () => {
    const odd = '{"model":"plain", "seed":1.0,"messages":[{"role":"user","content":"Hi"}]}';
    const response = await fetch(`${stack.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stack.keys.acme}`, 'content-type': 'application/json' },
      body: odd,
    });
    expect(response.status).toBe(200);
    expect(await response.json()).not.toHaveProperty('region');
    expect(proxy.take().text).toBe(odd.replace('"plain"', '"sim-small"'));
  });

  it('that cannot be applied fail the job at once, without a call', async () => {
    proxy.heard.length = 0;
    const answer = await call({ model: 'unsendable' });
    expect(answer).toMatchObject({
      status: 422,
      json: { error: { message: expect.stringContaining('models.unsendable.transforms[0]') } },
    });
    expect((await call({ model: 'unsendable', max_tokens: 5 }, anthropic)).json).toMatchObject({
      type: 'error',
      error: { message: expect.stringContaining('its value is not an object') },
    });
    expect(proxy.heard).toEqual([]);
  });
});

describe('rules for answers', () => {
  it('change a whole answer, and not what it is billed by', async () => {
    const { json, status } = await call({ model: 'shaped', seed: 1, logprobs: true });
    expect(status).toBe(200);
    expect(json).toMatchObject({ region: 'here', created: 1, whole: true, object: 'chat.completion' });
    expect(json).not.toHaveProperty('system_fingerprint');
    expect(json).not.toHaveProperty('streamed');
    expect((json['choices'] as object[])[0]).not.toHaveProperty('logprobs');
  });

  it('change each event of a stream, which stays one that clients read', async () => {
    const { events, text } = await call({ model: 'shaped', seed: 1, stream: true });
    expect(events.length).toBeGreaterThan(1);
    for (const event of events) expect(event).toMatchObject({ region: 'here', created: 1, streamed: true });
    for (const event of events) expect(event).not.toHaveProperty('whole');
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    const client = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.keys.acme, maxRetries: 0 });
    let said = '';
    const stream = await client.chat.completions.create({
      model: 'shaped',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    });
    for await (const chunk of stream) said += chunk.choices[0]?.delta.content ?? '';
    expect(said).toBeTruthy();
  });

  it('change the named events of an Anthropic stream, and keep their names', async () => {
    const { text, events } = await call({ model: 'shaped', max_tokens: 9, stream: true }, anthropic);
    expect(text).toMatch(/^event: message_start\ndata: \{/);
    expect(events.at(-1)).toMatchObject({ type: 'message_stop', streamed: true, region: 'here' });
  });

  it('go provider, model, tenant', async () => {
    expect((await call({ model: 'ruled' })).json).toMatchObject({ path: 'model', model_rule: 1 });
    expect((await call({ model: 'ruled' }, globex())).json).toMatchObject({ path: 'tenant', model_rule: 1 });
  });

  it.each([false, true])(
    'that cannot be applied fail the job, which is billed once (streamed: %s)',
    async (stream) => {
      proxy.heard.length = 0;
      const answer = await call({ model: 'unreadable', stream });
      expect(answer).toMatchObject({
        status: 422,
        json: { error: { message: expect.stringContaining('models.unreadable.transforms[0]') } },
      });
      expect(proxy.heard).toHaveLength(1);
      const job = answer.headers.get('x-penstock-job') ?? '';
      const billed = await eventually(async () => {
        const { rows } = await stack.database.query<{ tokens: number; reason: string }>(
          `SELECT output_tokens::int AS tokens, failure_reason AS reason FROM ledger WHERE job = '${job}'`,
        );
        return rows.length > 0 ? rows : undefined;
      });
      expect(billed).toEqual([{ tokens: expect.any(Number), reason: 'transform_failed' }]);
      expect(billed[0]?.tokens).toBeGreaterThan(0);
    },
  );
});

describe('a conversation longer than the context', () => {
  const long = Array.from({ length: 12 }, (_, at) => [
    { role: 'user', content: `Question ${at}. ${'x'.repeat(200)}` },
    { role: 'assistant', content: `Answer ${at}.` },
  ]).flat();

  it('is admitted, and trimmed to what the deployment takes', async () => {
    const conversation = [{ role: 'system', content: 'Be brief.' }, ...long, ...messages];
    expect((await call({ model: 'short', messages: conversation })).status).toBe(200);
    const sent = proxy.take().body['messages'] as { role: string; content: string }[];
    expect(sent[0]).toEqual(conversation[0]);
    expect(sent[1]?.role).toBe('user');
    expect(sent.at(-1)).toEqual(messages[0]);
    expect(sent.length).toBeGreaterThan(2);
    expect(sent.length).toBeLessThan(conversation.length);
  });

  it('is refused where the last question alone is too long', async () => {
    const answer = await call({ model: 'short', messages: [{ role: 'user', content: 'x'.repeat(4_000) }] });
    expect(answer).toMatchObject({ status: 422, json: { error: { param: 'messages' } } });
  });
});

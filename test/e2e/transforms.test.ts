import { jetstream } from '@nats-io/jetstream';
import type { RuleSources } from '@penstock/transforms';
import { findOutcome } from '@penstock/messaging';
import { eventually } from '@penstock/testing';
import { connect } from 'nats';
import OpenAI, { toFile } from 'openai';
import { ListeningProxy } from '../stack/listening-proxy.js';
import { postToStack } from '../stack/post-to-stack.js';
import { startStack, STACK_DEPLOYMENTS, type Stack } from '../stack/start-stack.js';

const PRICE = { input: 0.15, output: 0.6 };
const LIMITS = { concurrency: 64 };

const RULES: RuleSources = {
  tenants: [
    { id: 'acme' },
    {
      id: 'globex',
      transforms: [
        { set: { user: 'tenant' } },
        { set: { path: 'tenant' }, on: 'response' },
        { prependSystem: 'You work for Globex.' },
      ],
    },
  ],
  models: {
    plain: {},
    shaped: {
      transforms: [
        { rename: { from: 'max_tokens', to: 'max_completion_tokens' }, apis: ['openai.chat'] },
        { default: { temperature: 0.2 } },
        { set: { top_p: 0.9 } },
        { drop: ['logit_bias'] },
        { clamp: { presence_penalty: { min: -1, max: 1 } } },
        { jsonata: '$merge([$, { "seed": seed + 1 }])', apis: ['openai.chat'] },
        { prependSystem: 'Be kind.' },
        { rename: { from: 'system_fingerprint', to: 'fingerprint' }, on: 'response' },
        { default: { region: 'here' }, on: 'response' },
        { drop: ['choices.*.logprobs'], on: 'response' },
        { clamp: { created: { max: 1 } }, on: 'response' },
        { jsonata: '$merge([$, { "whole": true }])', on: 'answer' },
        { jsonata: '$merge([$, { "streamed": true }])', on: 'event' },
      ],
    },
    ruled: {
      transforms: [{ set: { user: 'model' } }, { set: { path: 'model', model_rule: 1 }, on: 'response' }],
    },
    short: { transforms: [{ trimMessages: { to: 'context' } }] },
    unsendable: { transforms: [{ jsonata: 'nothing' }] },
    unreadable: { transforms: [{ jsonata: 'nothing', on: 'response' }] },
  },
  providers: {
    wired: { transforms: [{ set: { user: 'provider' } }, { set: { path: 'provider' }, on: 'response' }] },
    anthropic: { transforms: [{ set: { metadata: { user_id: 'wire' } } }] },
  },
  presets: {
    support: {
      latest: '2',
      versions: {
        '1': { model: 'plain', system: 'First.', fields: { temperature: 0.1 } },
        '2': {
          model: 'plain',
          system: 'Second.',
          fields: { temperature: 0.2, 'metadata.team': 'support' },
          transforms: [{ set: { answered_by: 'support' }, on: 'response' }],
        },
      },
    },
  },
};

const on = (model: string, ...deployments: string[]) => ({
  name: model,
  deployments,
  maxOutputTokens: 64,
  ...(RULES.models?.[model]?.transforms && { transforms: RULES.models[model].transforms }),
});

let stack: Stack;
const proxy = new ListeningProxy();

beforeAll(async () => {
  stack = await startStack({
    through: proxy.before,
    providers: {
      simulator: { adapter: 'openai', path: '/v1' },
      wired: { adapter: 'openai', path: '/v1' },
      anthropic: { adapter: 'anthropic', path: '/v1' },
    },
    deployments: [
      ...STACK_DEPLOYMENTS,
      ...['wired', 'anthropic', 'short'].map((id) => ({
        id: `${id}/small`,
        provider: id === 'short' ? 'simulator' : id,
        upstreamModel: 'sim-small',
        price: PRICE,
        limits: LIMITS,
        ...(id === 'short' && { contextTokens: 300 }),
      })),
    ],
    models: [
      on('plain', 'simulator/small'),
      on('shaped', 'simulator/small'),
      on('ruled', 'wired/small'),
      on('claude', 'anthropic/small'),
      on('short', 'short/small'),
      on('unsendable', 'simulator/small'),
      on('unreadable', 'simulator/small'),
    ],
    rules: RULES,
  });
});

afterAll(async () => {
  await stack.close();
  await proxy.close();
});

const messages = [{ role: 'user', content: 'Say something short.' }];

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
  readonly events: readonly Record<string, unknown>[];
}

async function call(body: object, more: Partial<Parameters<typeof postToStack>[1]> = {}): Promise<Answered> {
  const response = await postToStack(stack, { body: { messages, ...body }, ...more });
  const text = await response.text();
  const events = [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, data]) => JSON.parse(data ?? '') as Record<string, unknown>);
  const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: response.status, headers: response.headers, text, json, events };
}

const anthropic = { path: '/v1/messages', headers: { 'anthropic-version': '2023-06-01' } };
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

  it.each([false, true])('that cannot be applied fail the job, which is billed once (streamed: %s)', async (stream) => {
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
  });
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

describe('presets', () => {
  it.each([
    [{ model: '@preset/support' }, 'support@2', 'Second.', 0.2],
    [{ model: '@preset/support@1' }, 'support@1', 'First.', 0.1],
    [{ model: 'plain@preset/support' }, 'support@2', 'Second.', 0.2],
    [{ model: 'plain', preset: 'support@1' }, 'support@1', 'First.', 0.1],
  ])('%j is served by %s', async (asked, preset, system, temperature) => {
    const answer = await call(asked);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-penstock-preset')).toBe(preset);
    expect(answer.json['answered_by']).toBe(preset === 'support@2' ? 'support' : undefined);
    const { body } = proxy.take();
    expect(body).toMatchObject({ temperature, messages: [{ role: 'system', content: system }, ...messages] });
    expect(body).not.toHaveProperty('preset');
  });

  it('are told with the stream, in the explanation and in the job', async () => {
    const streamed = await call({ model: '@preset/support', stream: true });
    expect(streamed.headers.get('x-penstock-preset')).toBe('support@2');
    expect(streamed.events[0]).toMatchObject({ answered_by: 'support' });
    const submitted = await call({ model: '@preset/support' }, { path: '/v1/jobs?wait=10s' });
    expect(submitted.json).toMatchObject({ state: 'succeeded', preset: 'support@2', model: 'plain' });
    const explanation = await fetch(`${stack.url}/v1/jobs/${String(submitted.json['id'])}/explain`, {
      headers: { authorization: `Bearer ${stack.keys.acme}` },
    });
    expect(await explanation.json()).toMatchObject({ preset: 'support@2', model: 'plain' });
  });

  it('are refused by name, in the shape of each API', async () => {
    expect(await call({ model: '@preset/nobody' })).toMatchObject({
      status: 404,
      json: { error: { code: 'preset_not_found', param: 'model', message: expect.stringContaining('"nobody"') } },
    });
    expect(await call({ model: 'plain@preset/support@7', max_tokens: 1 }, anthropic)).toMatchObject({
      status: 404,
      json: { type: 'error', error: { type: 'not_found_error', message: expect.stringContaining('"7"') } },
    });
    const body = { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] };
    const path = '/v1beta/models/plain@preset%2Fsupport@7:generateContent';
    expect((await call(body, { path })).status).toBe(404);
  });

  it('serve Gemini, whose model stands in the URL', async () => {
    const response = await postToStack(stack, {
      path: '/v1beta/models/plain@preset%2Fsupport@1:generateContent',
      body: { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-penstock-preset')).toBe('support@1');
    expect(proxy.take().body['messages']).toMatchObject([{ role: 'system', content: 'First.' }, {}]);
  });

  it('do not make a repeated request another one', async () => {
    const headers = { 'idempotency-key': 'preset-1' };
    const first = await call({ model: '@preset/support' }, { headers });
    proxy.heard.length = 0;
    const again = await call({ model: '@preset/support' }, { headers });
    expect(again.headers.get('x-penstock-replayed')).toBe('true');
    expect(again.headers.get('x-penstock-preset')).toBe('support@2');
    expect(again.text).toBe(first.text);
    expect((await call({ model: '@preset/support@1' }, { headers })).status).toBe(422);
    expect(proxy.heard).toEqual([]);
  });

  it('are kept apart by the cache', async () => {
    const headers = { 'x-penstock-cache': 'on' };
    const ask = (model: string) => call({ model, seed: 99 }, { headers });
    await eventually(async () => (await ask('@preset/support')).headers.get('x-penstock-cache') === 'hit');
    const hit = await ask('@preset/support');
    expect(hit.headers.get('x-penstock-preset')).toBe('support@2');
    expect((await ask('@preset/support@1')).headers.get('x-penstock-cache')).toBe('miss');
    expect((await ask('plain')).headers.get('x-penstock-cache')).toBe('miss');
  });
});

describe('the other entrances', () => {
  it('a published job is transformed, and served by its preset', async () => {
    const nc = await connect({ servers: stack.natsUrl });
    const publish = (msgID: string, body: object) =>
      jetstream(nc).publish('jobs.standard.acme', JSON.stringify({ messages, ...body }), { msgID });
    const outcome = (id: string) =>
      eventually(async () => {
        const found = await findOutcome(stack.connection, 'acme', id);
        return found.kind === 'result' ? found : undefined;
      });
    await publish('shaped-1', { model: 'shaped', seed: 1, max_tokens: 3 });
    const shaped = (await outcome('shaped-1')).answer;
    expect(JSON.parse(Buffer.from(shaped.body).toString())).toMatchObject({ whole: true, region: 'here' });
    expect(proxy.take().body).toMatchObject({ seed: 2, max_completion_tokens: 3 });

    await publish('preset-2', { model: '@preset/support@1' });
    expect((await outcome('preset-2')).event).toMatchObject({ preset: 'support@1', model: 'plain' });
    expect(proxy.take().body['messages']).toMatchObject([{ content: 'First.' }, {}]);

    await publish('preset-3', { model: '@preset/nobody' });
    expect((await outcome('preset-3')).answer).toMatchObject({ status: 404, errorCode: 'preset_not_found' });
    await nc.close();
  });

  it("a batch's lines are transformed, and served by their presets; a bad one is told by its line", async () => {
    const client = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.keys.acme, maxRetries: 0 });
    const run = async (bodies: readonly object[]) => {
      const lines = bodies.map((body, at) =>
        JSON.stringify({
          custom_id: `line-${at}`,
          method: 'POST',
          url: '/v1/chat/completions',
          body: { messages, ...body },
        }),
      );
      const file = await client.files.create({
        file: await toFile(Buffer.from(lines.join('\n')), 'lines.jsonl'),
        purpose: 'batch',
      });
      const { id } = await client.batches.create({
        input_file_id: file.id,
        endpoint: '/v1/chat/completions',
        completion_window: '24h',
      });
      return eventually(
        async () => {
          const batch = await client.batches.retrieve(id);
          return ['completed', 'failed'].includes(batch.status) ? batch : undefined;
        },
        { timeoutMs: 20_000 },
      );
    };
    const done = await run([{ model: 'shaped', seed: 1 }, { model: '@preset/support' }]);
    expect(done).toMatchObject({ status: 'completed', request_counts: { completed: 2 } });
    const output = await (await client.files.content(done.output_file_id ?? '')).text();
    expect(output).toContain('"whole":true');
    expect(output).toContain('"answered_by":"support"');

    const failed = await run([{ model: '@preset/nobody' }]);
    expect(failed).toMatchObject({
      status: 'failed',
      errors: { data: [{ line: 1, param: 'body.model', message: expect.stringContaining('"nobody"') }] },
    });
  });
});

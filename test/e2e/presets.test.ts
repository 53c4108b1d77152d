import { jetstream } from '@nats-io/jetstream';
import { findOutcome } from '@penstock/messaging';
import { eventually } from '@penstock/testing';
import { connect } from 'nats';
import OpenAI, { toFile } from 'openai';
import { postToStack } from '../stack/post-to-stack.js';
import { anthropic, messages, startRuledStack, type RuledStack } from './ruled-stack.js';

let ruled: RuledStack;
let { stack, proxy, call }: RuledStack = {} as RuledStack;

beforeAll(async () => {
  ruled = await startRuledStack();
  ({ stack, proxy, call } = ruled);
});

afterAll(() => ruled.close());

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
      json: {
        error: { code: 'preset_not_found', param: 'model', message: expect.stringContaining('"nobody"') },
      },
    });
    expect(await call({ model: 'plain@preset/support@7', max_tokens: 1 }, anthropic)).toMatchObject({
      status: 404,
      json: { type: 'error', error: { type: 'not_found_error', message: expect.stringContaining('"7"') } },
    });
    const body = { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] };
    const path = '/v1beta/models/plain@preset%2Fsupport@7:generateContent';
    expect((await call(body, { path })).status).toBe(404);
  });

  it('count where tokens are counted', async () => {
    const count = async (asked: object) => {
      const { json } = await call(asked, { ...anthropic, path: '/v1/messages/count_tokens' });
      return Number(json['input_tokens']);
    };
    const plain = await count({ model: 'plain' });
    expect(plain).toBeGreaterThan(0);
    for (const asked of [
      { model: '@preset/support' },
      { model: 'plain@preset/support@1' },
      { model: 'plain', preset: 'support' },
    ])
      expect(await count(asked)).toBeGreaterThan(plain);
    expect(
      await call({ model: '@preset/nobody' }, { ...anthropic, path: '/v1/messages/count_tokens' }),
    ).toMatchObject({ status: 404, json: { error: { type: 'not_found_error' } } });
  });

  it("count where Gemini's tokens are counted, as they are generated with", async () => {
    const contents = [{ role: 'user', parts: [{ text: 'Hi' }] }];
    const count = async (model: string, body: object = { contents }) => {
      const path = `/v1beta/models/${encodeURIComponent(model)}:countTokens`;
      const response = await postToStack(stack, { path, body });
      return { status: response.status, ...((await response.json()) as { totalTokens?: number }) };
    };
    const plain = (await count('plain')).totalTokens ?? 0;
    expect(plain).toBeGreaterThan(0);
    const asked = [
      count('@preset/support'),
      count('plain@preset/support@1'),
      count('plain', { contents, preset: 'support' }),
      count('@preset/support', { generateContentRequest: { model: 'models/plain', contents } }),
    ];
    for (const { totalTokens } of await Promise.all(asked)) expect(totalTokens).toBeGreaterThan(plain);
    expect(await count('@preset/nobody')).toMatchObject({ status: 404, error: { status: 'NOT_FOUND' } });
    expect(await count('nothing@preset/support')).toMatchObject({ status: 404 });
  });

  it('are no models, as with OpenRouter', async () => {
    const authorization = `Bearer ${stack.keys.acme}`;
    for (const path of ['/v1/models', '/api/v1/models', '/v1beta/models']) {
      const list = await (await fetch(`${stack.url}${path}`, { headers: { authorization } })).text();
      expect(list).toContain('plain');
      expect(list).not.toContain('@preset');
    }
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

import Anthropic from '@anthropic-ai/sdk';
import { eventually } from '@penstock/testing';
import OpenAI from 'openai';
import { DIALECT_CALLS } from '../stack/dialect-calls.js';
import { OTHER_KEY, STACK_DEPLOYMENTS, STACK_MODELS, startStack, type Stack } from '../stack/start-stack.js';

describe('the cache of answers', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      ingresses: 2,
      models: [...STACK_MODELS, { ...model('cached'), cache: { ttlMs: 60_000 } }],
      tenants: [
        { id: 'acme', weight: 1 },
        { id: 'globex', weight: 1, data: { zeroRetention: true } },
      ],
      deployments: STACK_DEPLOYMENTS.map((deployment) => ({ ...deployment, terms: { keepsNothing: true } })),
    });
  });
  afterAll(() => stack.close());

  const on = { 'x-penstock-cache': 'on' };
  const call = (
    body: unknown,
    headers: Record<string, string>,
    at: { path?: string; ingress?: number; secret?: string } = {},
  ) =>
    fetch(`${stack.urls[at.ingress ?? 0]}${at.path ?? '/v1/chat/completions'}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${at.secret ?? stack.keys.acme}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const chat = (content: string, more: object = {}) => ({
    model: 'small',
    messages: [{ role: 'user', content }],
    ...more,
  });
  const upstream = () => stack.simulator.simulation.ledger.read({}, 0, 10_000).entries.length;
  const charged = () =>
    stack.simulator.simulation.ledger.read({}, 0, 10_000).entries.filter(({ inputTokens }) => inputTokens > 0)
      .length;
  const cached = async () => (await stack.connection.jsm.streams.info('CACHE')).state.messages;
  const statusOf = (answer: Response) => answer.headers.get('x-penstock-cache');
  /** The status of a call that is made until the cache has its answer. */
  const untilHit = (make: () => Promise<Response>) =>
    eventually(async () => {
      const answer = await make();
      if (statusOf(answer) === 'hit') return answer;
      await answer.text();
      return undefined;
    });
  const counts = (text: string) =>
    [...text.matchAll(/"\w*[tT]oken\w*Count":(\d+)|"\w*_tokens":(\d+)/g)].map(([, a, b]) => Number(a ?? b));
  const withoutCounts = (text: string) =>
    text.replace(/("\w*[tT]oken\w*Count":|"\w*_tokens":)\d+/g, '$10').replace(/^data: ?/gm, 'data: ');

  it.each(
    Object.entries(DIALECT_CALLS).flatMap(([api, dialect]) =>
      [false, true].map((stream) => ({ api, dialect, stream })),
    ),
  )(
    'gives the same request of $api the same answer, at no usage (streamed: $stream)',
    async ({ api, dialect, stream }) => {
      const asks = {
        ...dialect.body(`Cached, ${api}, ${stream}.`, stream),
        ...(stream && api === 'openai.chat' && { stream_options: { include_usage: true } }),
      };
      const make = () => call(asks, on, { path: dialect.path(stream) });
      const had = await cached();
      const first = await make();
      expect(statusOf(first)).toBe('miss');
      const bytes = await first.text();
      await eventually(async () => (await cached()) > had);
      const before = upstream();
      const hit = await call(asks, on, { path: dialect.path(stream), ingress: 1 });
      expect(statusOf(hit)).toBe('hit');
      expect(hit.headers.get('content-type')?.split(';')[0]).toBe(
        first.headers.get('content-type')?.split(';')[0],
      );
      expect(hit.headers.get('x-penstock-job')).toBeNull();
      const again = await hit.text();
      expect(withoutCounts(again)).toBe(withoutCounts(bytes));
      expect(counts(again).every((count) => count === 0)).toBe(true);
      if (api !== 'openai.completions' || !stream)
        expect(counts(bytes).some((count) => count > 0)).toBe(true);
      expect(upstream()).toBe(before);
    },
  );

  it('is read by the official clients', async () => {
    const openai = new OpenAI({
      baseURL: `${stack.url}/v1`,
      apiKey: stack.keys.acme,
      maxRetries: 0,
      defaultHeaders: on,
    });
    const create = () =>
      openai.chat.completions
        .create({ model: 'small', messages: [{ role: 'user', content: '[[say: once]]' }], stream: true })
        .withResponse();
    await untilHit(async () => (await create()).response);
    let text = '';
    for await (const chunk of (await create()).data) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toBe('once');

    const anthropic = new Anthropic({
      baseURL: stack.url,
      apiKey: stack.keys.acme,
      maxRetries: 0,
      defaultHeaders: on,
    });
    const message = () =>
      anthropic.messages
        .create({ model: 'small', max_tokens: 64, messages: [{ role: 'user', content: '[[say: once]]' }] })
        .withResponse();
    await untilHit(async () => (await message()).response);
    const { data } = await message();
    expect(data.content).toMatchObject([{ type: 'text', text: 'once' }]);
    expect(data.usage).toMatchObject({ input_tokens: 0, output_tokens: 0 });
  });

  it('is used only where it is asked for, and not where that is declined', async () => {
    const body = chat('Asked for.');
    expect(statusOf(await call(body, {}))).toBeNull();
    await untilHit(() => call(body, on));
    expect(statusOf(await call(body, {}))).toBeNull();
    expect(statusOf(await call(body, { 'x-penstock-cache': 'off' }))).toBe('bypass');
    expect(statusOf(await call(body, { ...on, 'idempotency-key': 'k' }))).toBe('bypass');
    const refreshed = await call(body, { 'x-penstock-cache': 'refresh' });
    expect(statusOf(refreshed)).toBe('miss');
    const { id } = (await refreshed.json()) as { id: string };
    await eventually(async () => ((await (await call(body, on)).json()) as { id: string }).id === id);
    const wrong = await call(body, { 'x-penstock-cache': 'a while' });
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ error: { param: 'x-penstock-cache' } });
  });

  it('is used by policy of the model', async () => {
    await untilHit(() => call({ ...chat('By policy.'), model: 'cached' }, {}));
    expect(
      statusOf(await call({ ...chat('By policy.'), model: 'cached' }, { 'x-penstock-cache': 'off' })),
    ).toBe('bypass');
  });

  it('knows the same request by its value, and another one by anything in it', async () => {
    await untilHit(() =>
      call(
        '{"model":"small","x_number":9007199254740993,"messages":[{"role":"user","content":"Value."}]}',
        on,
      ),
    );
    const same =
      '{ "messages": [{"content":"Value.","role":"user"}], "x_number": 9007199254740993, "model": "small" }';
    expect(statusOf(await call(same, on))).toBe('hit');
    for (const other of [
      same.replace('993', '992'),
      same.replace('Value.', 'value.'),
      same.replace('"x_number": 9007199254740993', '"x_number": "9007199254740993"'),
      same.replace('{ ', '{ "temperature": 0, '),
    ])
      expect(statusOf(await call(other, on))).not.toBe('hit');
  });

  it("is the tenant's own, and has nothing of a tenant that keeps nothing", async () => {
    const body = chat('Mine.');
    await untilHit(() => call(body, on));
    expect(statusOf(await call(body, on, { secret: OTHER_KEY }))).toBe('hit');
    for (let time = 0; time < 2; time++)
      expect(statusOf(await call(body, on, { secret: stack.keys.globex }))).toBe('bypass');
    const { state } = await stack.connection.jsm.streams.info('CACHE', {
      subjects_filter: 'cached.globex.>',
    });
    expect(state.subjects ?? {}).toEqual({});
  });

  it('gives an answer up when its time is over', async () => {
    const body = chat('For a second.');
    const make = () => call(body, { 'x-penstock-cache': '1s' });
    await untilHit(make);
    await eventually(async () => statusOf(await make()) === 'miss', { timeoutMs: 10_000 });
  });

  it('keeps no error and no broken stream', async () => {
    for (const body of [chat('[[fault: 400]] No.'), chat('[[fault: cut; after=3]] Cut.', { stream: true })]) {
      for (let time = 0; time < 3; time++) {
        const answer = await call(body, on);
        await answer.text();
        expect(statusOf(answer)).not.toBe('hit');
      }
    }
  });

  it('bills nothing for a hit', async () => {
    const billed = async () =>
      Number((await stack.database.query<{ n: string }>('SELECT count(*) AS n FROM ledger')).rows[0]?.n);
    await eventually(async () => (await billed()) === charged(), { timeoutMs: 15_000 });
    const before = await billed();
    for (let time = 0; time < 5; time++) expect(statusOf(await call(chat('Mine.'), on))).toBe('hit');
    expect((await call(chat('The last.'), {})).status).toBe(200);
    await eventually(async () => (await billed()) > before);
    expect(await billed()).toBe(before + 1);
  });
});

function model(name: string) {
  return { name, deployments: ['simulator/small'], maxOutputTokens: 4_096 };
}

import OpenAI from 'openai';
import { DIALECT_CALLS, type DialectCall } from '../stack/dialect-calls.js';
import { postToStack, type PostToStack } from '../stack/post-to-stack.js';
import { OTHER_KEY, startStack, type Stack } from '../stack/start-stack.js';

describe('a stream that is resumed', () => {
  let stack: Stack;
  beforeAll(async () => (stack = await startStack({ ingresses: 2 })));
  afterAll(() => stack.close());

  const call = (post: PostToStack) => postToStack(stack, post);
  const key = (value: string) => ({ 'idempotency-key': value });
  const chat = (content: string, more: object = {}) => ({
    model: 'small',
    messages: [{ role: 'user', content }],
    ...more,
  });
  const upstream = () => stack.simulator.simulation.ledger.read({}, 0, 10_000).entries;
  const callsDuring = async (task: () => Promise<unknown>) => {
    const before = upstream().length;
    await task();
    return upstream().length - before;
  };

  const resume = { 'x-penstock-resume': '1' };
  const idsOf = (sse: string) => [...sse.matchAll(/^id: (.+)$/gm)].map(([, id]) => id ?? '');
  const withoutIds = (sse: string) => sse.replace(/^id: .+\n/gm, '');

  it.each(['openai.chat', 'openai.responses', 'anthropic.messages'] as const)(
    'goes on behind the last event that arrived, in %s, at any ingress',
    async (api) => {
      const { path, body } = DIALECT_CALLS[api] as DialectCall;
      for (const named of [{}, key(`resumed-${api}`)]) {
        const request = {
          path: path(true),
          body: body('[[tokens: 12]] In parts.', true),
          headers: { ...resume, ...named },
        };
        const calls = await callsDuring(async () => {
          const whole = await (await call(request)).text();
          const ids = idsOf(whole);
          expect(ids.length).toBeGreaterThan(5);
          for (const id of [ids[0], ids[4], ids.at(-1)]) {
            const rest = await call({
              ...request,
              headers: { ...named, 'last-event-id': id ?? '' },
              ingress: 1,
            });
            expect(rest.status).toBe(200);
            expect(await rest.text()).toBe(
              whole.slice(whole.indexOf(`id: ${id}\n`)).replace(/^[\s\S]*?\n\n/, ''),
            );
          }
        });
        expect(calls).toBe(1);
      }
    },
  );

  it('goes on while the stream still runs', async () => {
    const request = {
      body: chat('[[tokens: 60]] [[latency: 50 60]] Slowly.', { stream: true }),
      headers: { ...resume, ...key('resumed-live') },
    };
    const leaving = new AbortController();
    const calls = await callsDuring(async () => {
      const first = await call({ ...request, signal: leaving.signal });
      const reader = first.body?.pipeThrough(new TextDecoderStream()).getReader();
      let had = '';
      while (idsOf(had).length < 10) had += (await reader?.read())?.value ?? '';
      leaving.abort();
      const last = idsOf(had).at(-1) ?? '';
      had =
        had.slice(0, had.indexOf(`id: ${last}\n`)) +
        /id: .+\n[\s\S]*?\n\n/.exec(had.slice(had.indexOf(`id: ${last}\n`)))?.[0];
      const rest = await (
        await call({ ...request, headers: { ...request.headers, 'last-event-id': last }, ingress: 1 })
      ).text();
      const whole = await (await call({ ...request, headers: key('resumed-live') })).text();
      expect(idsOf(whole)).toEqual([]);
      expect(withoutIds(had + rest)).toBe(whole);
    });
    expect(calls).toBe(1);
  });

  it('is refused where there is nothing to go on with', async () => {
    const body = chat('Nothing.', { stream: true });
    const made = await call({ body, headers: resume });
    const [id = ''] = idsOf(await made.text());
    const code = async (more: Partial<PostToStack>, lastEventId: string) => {
      const answer = await call({ body, ...more, headers: { 'last-event-id': lastEventId } });
      return ((await answer.json()) as { error: { code: string } }).error.code;
    };
    expect(await code({}, 'not an id')).toBe('invalid_request');
    expect(await code({}, id.replace(/:\d+$/, ':99999999'))).toBe('stream_not_resumable');
    expect(await code({}, id.replace(/:\w+:/, ':att_another:'))).toBe('stream_not_resumable');
    expect(await code({}, id.replace(/^\w+:/, 'job_another:'))).toBe('stream_not_resumable');
    expect(await code({ secret: stack.keys.globex }, id)).toBe('stream_not_resumable');
    expect(await code({ secret: OTHER_KEY }, id)).toBe('stream_not_resumable');
    expect(await code({ body: chat('Something else.', { stream: true }) }, id)).toBe(
      'idempotency_key_reused',
    );
  });

  it("does not disturb the vendor's client", async () => {
    const client = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.keys.acme, maxRetries: 0 });
    const stream = await client.chat.completions.create(
      { model: 'small', messages: [{ role: 'user', content: '[[say: all of it]]' }], stream: true },
      { headers: resume },
    );
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toBe('all of it');
  });
});

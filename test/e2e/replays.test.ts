import { PART_BYTES } from '@penstock/messaging';
import { eventually } from '@penstock/testing';
import OpenAI from 'openai';
import { modelOf } from '../../services/simulator/src/models/read-model.js';
import { DIALECT_CALLS } from '../stack/dialect-calls.js';
import { postToStack, type PostToStack } from '../stack/post-to-stack.js';
import { OTHER_KEY, STACK_DEPLOYMENTS, startStack, type Stack } from '../stack/start-stack.js';

describe('a request that is sent again under its idempotency key', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      ingresses: 2,
      tenants: [
        { id: 'acme', weight: 1 },
        { id: 'globex', weight: 1, data: { zeroRetention: true } },
      ],
      deployments: STACK_DEPLOYMENTS.map((deployment) => ({ ...deployment, terms: { keepsNothing: true } })),
      simulated: [modelOf('sim-small', 'chat', { contextTokens: 1_000_000 })],
    });
  });
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

  describe.each(Object.entries(DIALECT_CALLS))('of %s', (api, { path, body, errorMessage }) => {
    it.each([false, true])(
      'has the bytes of the first answer (streamed: %s), at any ingress',
      async (stream) => {
        const request = {
          path: path(stream),
          body: body('Say it once.', stream),
          headers: key(`${api}-${stream}`),
        };
        const calls = await callsDuring(async () => {
          const first = await call(request);
          expect(first.status).toBe(200);
          const bytes = await first.text();
          expect(bytes).not.toBe('');
          for (const ingress of [0, 1]) {
            const again = await call({ ...request, ingress });
            expect(again.status).toBe(200);
            expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
            expect(again.headers.get('x-penstock-replayed')).toBe('true');
            expect(again.headers.get('x-penstock-job')).toBe(first.headers.get('x-penstock-job'));
            expect(await again.text()).toBe(bytes);
          }
        });
        expect(calls).toBe(1);
      },
    );

    it.each([false, true])('joins the job while it runs (streamed: %s)', async (stream) => {
      const request = {
        path: path(stream),
        body: body('[[tokens: 60]] [[latency: 200 60]] Slowly.', stream),
        headers: key(`${api}-joined-${stream}`),
      };
      const calls = await callsDuring(async () => {
        const first = call(request);
        await eventually(
          () => stack.simulator.simulation.models.find('sim-small')?.traffic.figures().inFlight,
        );
        const joined = [await first, await call({ ...request, ingress: 1 }), await call(request)];
        const texts = await Promise.all(joined.map((answer) => answer.text()));
        expect(new Set(texts).size).toBe(1);
      });
      expect(calls).toBe(1);
    });

    it('is refused with 422 when its body is another one', async () => {
      const headers = key(`${api}-other`);
      expect((await call({ path: path(false), body: body('One thing.', false), headers })).status).toBe(200);
      const other = await call({ path: path(false), body: body('Another.', false), headers, ingress: 1 });
      expect(other.status).toBe(422);
      expect(errorMessage((await other.json()) as never)).toMatch(/used for another request/);
    });
  });

  it('is one job, however many come at once', async () => {
    const request = { body: chat('All at once.'), headers: key('at-once') };
    const calls = await callsDuring(async () => {
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, at) =>
          call({ ...request, ingress: at % 2 }).then((answer) => answer.text()),
        ),
      );
      expect(new Set(answers).size).toBe(1);
    });
    expect(calls).toBe(1);
  });

  it('is one job at /v1/jobs and in the background as well', async () => {
    const ids = async (path: string, body: object, name: string) => {
      const said: (string | null)[] = [];
      const calls = await callsDuring(async () => {
        const answers = await Promise.all(
          [0, 1, 0].map(async (ingress) => {
            const answer = await call({ path, body, headers: key(name), ingress });
            said.push(answer.headers.get('x-penstock-replayed'));
            return ((await answer.json()) as { id: string }).id;
          }),
        );
        expect(new Set(answers).size).toBe(1);
        expect(said.sort()).toEqual([null, 'true', 'true']);
        await eventually(async () => {
          const view = await fetch(`${stack.url}${path.split('?')[0]}/${answers[0]}`, {
            headers: { authorization: `Bearer ${stack.keys.acme}` },
          });
          return /succeeded|completed/.test(await view.text());
        });
        const late = (await (await call({ path, body, headers: key(name) })).json()) as { id: string };
        expect(late.id).toBe(answers[0]);
      });
      expect(calls).toBe(1);
    };
    await ids('/v1/jobs', chat('A job.'), 'a-job');
    await ids(
      '/v1/responses',
      { model: 'small', input: 'In the background.', background: true },
      'a-response',
    );
    const mixed = await call({ body: chat('A job.'), headers: key('a-job') });
    expect(mixed.status).toBe(422);
  });

  it('takes a long answer from the object store', async () => {
    const request = { body: chat('[[tokens: 400000]] At length.'), headers: key('long') };
    const first = await (await call(request)).text();
    expect(first.length).toBeGreaterThan(1_048_576);
    expect(await (await call({ ...request, ingress: 1 })).text()).toBe(first);
    const stream = {
      body: chat('[[tokens: 25000]] [[latency: 0 12000]] At length.', { stream: true }),
      headers: key('long-stream'),
    };
    const streamed = await (await call(stream)).text();
    expect(streamed.length).toBeGreaterThan(2 * PART_BYTES);
    expect(await (await call({ ...stream, ingress: 1 })).text()).toBe(streamed);
    // It was not held until its end: its worker stored it part by part.
    const { state } = await stack.connection.jsm.streams.info('OBJ_answers', {
      subjects_filter: '$O.answers.M.>',
    });
    const names = Object.keys(state.subjects ?? {}).map((subject) =>
      Buffer.from(subject.split('.').at(-1) ?? '', 'base64url').toString(),
    );
    expect(names).toContainEqual(expect.stringMatching(/^result\.acme\..*\/1$/));
  });

  it("is nobody else's: not of another tenant, and not of another key of the tenant", async () => {
    const request = { body: chat('A secret of mine.'), headers: key('the-same') };
    const job = async (secret: string) => (await call({ ...request, secret })).headers.get('x-penstock-job');
    const jobs = [await job(stack.keys.acme), await job(OTHER_KEY), await job(stack.keys.globex)];
    expect(new Set(jobs).size).toBe(3);
    const mine = { body: chat('Another text.'), headers: key('the-same'), secret: stack.keys.acme };
    expect((await call(mine)).status).toBe(422);
  });

  it('goes on when its caller leaves, for whoever comes back', async () => {
    const request = { body: chat('[[tokens: 40]] [[latency: 300 80]] Wait.'), headers: key('left') };
    const leaving = new AbortController();
    const calls = await callsDuring(async () => {
      const left = call({ ...request, signal: leaving.signal });
      await eventually(() => stack.simulator.simulation.models.find('sim-small')?.traffic.figures().inFlight);
      leaving.abort();
      await expect(left).rejects.toThrow();
      const back = await call({ ...request, ingress: 1 });
      expect(back.status).toBe(200);
      expect(back.headers.get('x-penstock-replayed')).toBe('true');
    });
    expect(calls).toBe(1);
  });

  it('replays an error that the request is at fault for, and runs a failure of ours anew', async () => {
    const refused = { body: chat('[[fault: 400]] No.'), headers: key('refused') };
    const first = await call(refused);
    expect(first.status).toBe(400);
    const again = await call({ ...refused, ingress: 1 });
    expect(again.status).toBe(400);
    expect(await again.text()).toBe(await first.text());

    const failing = {
      body: chat('[[fault: cut; after=3]] Broken.', { stream: true }),
      headers: key('broken'),
    };
    const broken = await call(failing);
    expect(await broken.text()).toContain('stream_interrupted');
    const retried = await call({ ...failing, ingress: 1 });
    expect(retried.headers.get('x-penstock-job')).not.toBe(broken.headers.get('x-penstock-job'));
    expect(retried.headers.get('x-penstock-replayed')).toBeNull();
    await retried.text();
  });

  it('is answered once where answers are not kept, and joined until then', async () => {
    const request = { body: chat('Forget this.'), headers: key('forget'), secret: stack.keys.globex };
    const calls = await callsDuring(async () => {
      const both = await Promise.all([call(request), call({ ...request, ingress: 1 })]);
      expect(both.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
      const late = await call(request);
      expect(late.status).toBe(409);
      expect(await late.json()).toMatchObject({ error: { code: 'answer_not_kept' } });
    });
    expect(calls).toBe(1);
  });

  it("is what the official client's own retries send", async () => {
    const client = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.keys.acme, maxRetries: 0 });
    const ask = () =>
      client.chat.completions.create(
        { model: 'small', messages: [{ role: 'user', content: 'Once.' }] },
        {
          headers: key('official'),
        },
      );
    expect(await ask()).toEqual(await ask());
  });
});

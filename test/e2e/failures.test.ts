import type { Deployment } from '@penstock/contracts';
import { eventually } from '@penstock/testing';
import OpenAI from 'openai';
import type { Fault } from '../../services/simulator/src/faults/fault.js';
import { modelOf } from '../../services/simulator/src/models/read-model.js';
import { STACK_DEPLOYMENTS, STACK_MODELS, startStack, type Stack } from '../stack/start-stack.js';

const failing = (id: string, fault: Fault) => modelOf(id, 'chat', { faults: [{ rate: 1, fault }] });

const deployment = (name: string, concurrency = 64): Deployment => ({
  id: `simulator/${name}`,
  provider: 'simulator',
  upstreamModel: `sim-${name}`,
  price: { input: 1, output: 2 },
  limits: { concurrency },
});

describe('when a provider cannot', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      simulated: [
        modelOf('sim-small'),
        modelOf('sim-flaky', 'chat', {
          faults: [
            { rate: 0.3, fault: { kind: 'status', status: 500 } },
            { rate: 0.2, fault: { kind: 'reset' } },
          ],
        }),
        failing('sim-dead', { kind: 'status', status: 500 }),
        failing('sim-hang', { kind: 'hang' }),
        failing('sim-cut', { kind: 'cut', afterEvents: 3, midEvent: true }),
        failing('sim-busy', { kind: 'status', status: 429, retryAfterMs: 60_000 }),
        modelOf('sim-slow', 'chat', { latency: { firstTokenMs: 1_500 } }),
      ],
      deployments: [
        ...STACK_DEPLOYMENTS,
        ...['dead', 'hang', 'cut', 'busy'].map((name) => deployment(name)),
        deployment('slow', 1),
      ],
      models: [
        ...STACK_MODELS,
        ...['dead', 'hang', 'cut', 'busy', 'slow'].map((name) => ({
          name,
          deployments: [`simulator/${name}`],
          maxOutputTokens: 256,
        })),
      ],
    });
  });
  afterAll(() => stack.close());

  const messages = [{ role: 'user' as const, content: 'Say something.' }];
  const client = () => new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.keys.acme, maxRetries: 0 });
  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(`${stack.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${stack.keys.acme}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const calls = (model: string) => stack.simulator.simulation.ledger.read({ model }, 0, 10_000).entries;

  it('fails over, so that no caller sees half of the calls fail', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => client().chat.completions.create({ model: 'flaky', messages })),
    );
    expect(answers).toHaveLength(60);
    expect(calls('sim-small').length).toBeGreaterThan(0);
  });

  it('sets a job aside after its last attempt, with its history, and sends it again when told to', async () => {
    const answer = await call('POST', '/v1/chat/completions', { model: 'dead', messages });
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ error: { code: 'provider_error' } });
    const attempts = calls('sim-dead').length;
    expect(attempts).toBe(5);

    const list = (await (await call('GET', '/v1/dead_letters')).json()) as {
      data: { id: string; history: unknown[] }[];
    };
    expect(list.data).toHaveLength(1);
    expect(list.data[0]).toMatchObject({ model: 'dead', reason: { code: 'provider_error' } });
    expect(list.data[0]?.history).toHaveLength(5);
    expect(JSON.stringify(list)).not.toContain('Say something');

    await fetch(`${stack.simulator.url}/_simulator/models/sim-dead`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ faults: [] }),
    });
    const redrive = () =>
      call('POST', `/v1/dead_letters/${list.data[0]?.id}/redrive`, undefined, {
        'idempotency-key': 'redrive',
      });
    const redriven = await Promise.all([redrive(), redrive(), redrive()]);
    expect(redriven.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(redriven.filter(({ headers }) => !headers.has('x-penstock-replayed'))).toHaveLength(1);
    const texts = await Promise.all(redriven.map((answer) => answer.text()));
    expect(new Set(texts).size).toBe(1);
    const { id } = JSON.parse(texts[0] ?? '') as { id: string };
    expect(await (await call('GET', `/v1/jobs/${id}?wait=20s`)).json()).toMatchObject({ state: 'succeeded' });
    expect(calls('sim-dead').length).toBe(attempts + 1);
    expect(await (await redrive()).text()).toBe(texts[0]);
  });

  it('ends a stream that was cut with an error and never as if it were whole', async () => {
    const stream = await client().chat.completions.create({ model: 'cut', messages, stream: true });
    const read = async () => {
      for await (const _ of stream);
    };
    await expect(read()).rejects.toThrow(OpenAI.APIError);
  });

  it('aborts the call at the provider when the caller leaves', async () => {
    const leaving = new AbortController();
    const pending = client().chat.completions.create({ model: 'hang', messages }, { signal: leaving.signal });
    await eventually(() => stack.simulator.simulation.models.find('sim-hang')?.traffic.figures().inFlight);
    leaving.abort();
    await expect(pending).rejects.toThrow();
    await eventually(() => calls('sim-hang').some((entry) => entry.callerLeft));
  });

  it('gives a job up at its deadline', async () => {
    const answer = await call(
      'POST',
      '/v1/chat/completions',
      { model: 'hang', messages },
      { 'x-penstock-deadline': '400ms' },
    );
    expect(answer.status).toBe(504);
    expect(await answer.json()).toMatchObject({
      error: { code: 'deadline_exceeded', type: 'timeout_error' },
    });
  });

  it('cancels a running job, and one that waits', async () => {
    const submit = async () =>
      ((await (await call('POST', '/v1/jobs', { model: 'slow', messages })).json()) as { id: string }).id;
    const running = await submit();
    await eventually(async () =>
      (await call('GET', `/v1/jobs/${running}`))
        .json()
        .then((view) => (view as { state: string }).state === 'running'),
    );
    const waiting = await submit();
    for (const id of [waiting, running]) {
      expect((await call('DELETE', `/v1/jobs/${id}`)).status).toBe(202);
      expect(await (await call('GET', `/v1/jobs/${id}?wait=5s`)).json()).toMatchObject({
        id,
        state: 'cancelled',
      });
    }
    expect(calls('sim-slow').every((entry) => entry.callerLeft)).toBe(true);
  });

  it('cancels a job that waits for a later attempt', async () => {
    const submitted = await call('POST', '/v1/jobs', { model: 'busy', messages });
    const { id } = (await submitted.json()) as { id: string };
    const stateOf = async () =>
      ((await (await call('GET', `/v1/jobs/${id}`)).json()) as { state: string }).state;
    await eventually(async () => (await stateOf()) === 'delayed');
    expect((await call('DELETE', `/v1/jobs/${id}`)).status).toBe(202);
    expect(await stateOf()).toBe('cancelled');
    expect((await stack.connection.jsm.streams.info('DELAYED')).state.messages).toBe(0);
  });
});

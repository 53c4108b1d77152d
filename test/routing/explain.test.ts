import type { DeploymentProfile } from '@penstock/scheduling';
import { collectSpans } from '@penstock/telemetry';
import { eventually } from '@penstock/testing';
import { modelOf } from '../../services/simulator/src/models/read-model.js';
import { startStack, type Stack } from '../stack/start-stack.js';

const deployment = (name: string, more: Partial<DeploymentProfile> = {}): DeploymentProfile => ({
  id: `simulator/${name}`,
  provider: 'simulator',
  upstreamModel: `sim-${name}`,
  price: { input: 1, output: 1 },
  limits: { concurrency: 64 },
  ...more,
});

interface Explained {
  readonly state: string;
  readonly model: string;
  readonly attempts: {
    deployment: string;
    skipped: { deployment: string; reason: string }[];
    stages: Record<string, number>;
    failure?: { reason: string };
    model?: string;
  }[];
  readonly now?: { deployment?: string; skipped: { deployment: string; reason: string }[] };
}

describe('explaining where a job ran', () => {
  const collected = collectSpans();
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      spanProcessors: [collected.processor],
      simulated: [
        modelOf('sim-broken', 'chat', { faults: [{ rate: 1, fault: { kind: 'status', status: 500 } }] }),
        modelOf('sim-good'),
        modelOf('sim-kept'),
        modelOf('sim-slow', 'chat', { latency: { firstTokenMs: 2_000 } }),
      ],
      deployments: [
        deployment('broken'),
        deployment('good'),
        deployment('kept', { terms: { keepsNothing: true } }),
        deployment('slow', { limits: { concurrency: 1 } }),
      ],
      models: [
        {
          name: 'three',
          deployments: ['simulator/broken', 'simulator/good', 'simulator/kept'],
          maxOutputTokens: 64,
        },
        { name: 'slow', deployments: ['simulator/slow'], maxOutputTokens: 64 },
      ],
    });
  });
  afterAll(() => stack.close());

  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${stack.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stack.keys.acme}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ messages: [{ role: 'user', content: 'A secret of mine.' }], ...body }),
    });
  const get = async (path: string) => {
    const answer = await fetch(`${stack.url}${path}`, {
      headers: { authorization: `Bearer ${stack.keys.acme}` },
    });
    return { status: answer.status, body: (await answer.json()) as Explained };
  };
  const failedOver = {
    state: 'succeeded',
    model: 'three',
    attempts: [
      {
        deployment: 'simulator/broken',
        failure: { reason: 'server_error' },
        skipped: [
          { deployment: 'simulator/good', reason: 'not_needed' },
          { deployment: 'simulator/kept', reason: 'not_needed' },
        ],
      },
      { deployment: 'simulator/good', skipped: [{ deployment: 'simulator/kept', reason: 'not_needed' }] },
    ],
  };

  it('tells with the answer which attempts ran where, why not elsewhere, and how long each stage took', async () => {
    const answer = await post('/v1/chat/completions', { model: 'three' }, { 'x-penstock-explain': '1' });
    expect(answer.status).toBe(200);
    const explained = JSON.parse(answer.headers.get('x-penstock-explanation') ?? '') as Explained;
    expect(explained).toMatchObject(failedOver);
    expect(Object.keys(explained.attempts[1]?.stages ?? {})).toEqual([
      'in_lane_ms',
      'in_queue_ms',
      'to_worker_ms',
      'first_byte_ms',
      'answer_ms',
    ]);
    expect(JSON.stringify(explained)).not.toContain('secret');
  });

  it('tells it in a comment at the end of a stream', async () => {
    const answer = await post(
      '/v1/chat/completions',
      { model: 'three', stream: true, provider: { zdr: true } },
      { 'x-penstock-explain': '1' },
    );
    const text = await answer.text();
    const comment = /^: penstock-explanation (.*)$/m.exec(text)?.[1] ?? '';
    expect(JSON.parse(comment)).toMatchObject({
      attempts: [
        {
          deployment: 'simulator/kept',
          skipped: [
            { deployment: 'simulator/broken', reason: 'zdr' },
            { deployment: 'simulator/good', reason: 'zdr' },
          ],
        },
      ],
    });
  });

  it('says nothing of it to who did not ask', async () => {
    const answer = await post('/v1/chat/completions', { model: 'three' });
    expect(answer.headers.get('x-penstock-explanation')).toBeNull();
  });

  it('explains any job afterwards, and notes on its trace what was skipped', async () => {
    collected.clear();
    const submitted = await post('/v1/jobs', { model: 'three' });
    const { id } = (await submitted.json()) as { id: string };
    await get(`/v1/jobs/${id}?wait=20s`);
    const { status, body } = await get(`/v1/jobs/${id}/explain`);
    expect(status).toBe(200);
    expect(body.state).toBe('succeeded');
    expect(body.attempts.at(-1)).toMatchObject({ deployment: 'simulator/good' });
    expect(body.attempts.at(-1)?.skipped).toEqual(
      expect.arrayContaining([{ deployment: 'simulator/kept', reason: 'not_needed' }]),
    );
    expect(collected.finished().flatMap((span) => span.events ?? [])).toContainEqual({
      name: 'penstock.deployment.skipped',
      attributes: { 'penstock.deployment': 'simulator/kept', 'penstock.skipped': 'not_needed' },
    });
    expect((await get('/v1/jobs/job_nothing-s1/explain')).status).toBe(404);
  });

  it('explains a job that runs, and one that waits', async () => {
    const submit = async () =>
      ((await (await post('/v1/jobs', { model: 'slow' })).json()) as { id: string }).id;
    const running = await submit();
    await eventually(async () => (await get(`/v1/jobs/${running}/explain`)).body.now?.deployment);
    const waiting = await submit();
    await eventually(async () => {
      const view = (await get(`/v1/jobs/${waiting}`)).body as { expected_start_at?: number };
      if (view.expected_start_at === undefined) return false;
      const { body } = await get(`/v1/jobs/${waiting}/explain`);
      return body.now?.skipped.some(({ reason }) => reason === 'no_room');
    });
  });

  it('tells with the acceptance when a job is expected to start', async () => {
    const submit = async () =>
      (await (await post('/v1/jobs', { model: 'slow' })).json()) as {
        id: string;
        position: number;
        expected_start_at: number | null;
      };
    const earliest = Math.floor(Date.now() / 1_000);
    await eventually(async () => {
      const { expected_start_at: at } = await submit();
      return at !== null && at >= earliest;
    });
    await Promise.all(Array.from({ length: 12 }, submit));
    // By what the routers tell once a second.
    await eventually(async () => {
      const { expected_start_at: at, id } = await submit();
      const { body } = await get(`/v1/jobs/${id}`);
      const looked = (body as unknown as { expected_start_at?: number }).expected_start_at;
      return at !== null && looked !== undefined && at > Date.now() / 1_000 && Math.abs(at - looked) < 60;
    });
  });
});

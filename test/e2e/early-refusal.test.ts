import type { Deployment } from '@penstock/contracts';
import { eventually } from '@penstock/testing';
import { modelOf } from '../../services/simulator/src/models/read-model.js';
import { startStack, type Stack } from '../stack/start-stack.js';

const START_WITHIN_MS = 3_000;
const CALL_MS = 250;
/** Eight calls a second: of those that wait, 24 can start in time. */
const CONCURRENCY = 2;

const deployment = (name: string, concurrency: number): Deployment => ({
  id: `simulator/${name}`,
  provider: 'simulator',
  upstreamModel: `sim-${name}`,
  price: { input: 1, output: 2 },
  limits: { concurrency },
});

describe('interactive work that cannot start in time', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      startWithinMs: START_WITHIN_MS,
      simulated: [
        modelOf('sim-slow', 'chat', { latency: { firstTokenMs: CALL_MS, tokensPerSecond: 10_000 } }),
        modelOf('sim-busy', 'chat', {
          faults: [{ rate: 1, fault: { kind: 'status', status: 429, retryAfterMs: 60_000 } }],
        }),
      ],
      deployments: [deployment('slow', CONCURRENCY), deployment('busy', 8)],
      models: ['slow', 'busy'].map((name) => ({
        name,
        deployments: [`simulator/${name}`],
        maxOutputTokens: 16,
      })),
    });
  });
  afterAll(() => stack.close());

  const call = async (body: object, headers: Record<string, string> = {}) => {
    const beganMs = performance.now();
    const answer = await fetch(`${stack.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stack.keys.acme}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }], ...body }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      code: answer.ok ? undefined : (JSON.parse(text) as { error: { code: string } }).error.code,
      retryAfter: Number(answer.headers.get('retry-after')),
      job: answer.headers.get('x-penstock-job') ?? '',
      contentType: answer.headers.get('content-type') ?? '',
      tookMs: performance.now() - beganMs,
      text,
    };
  };
  const made = (model: string) =>
    stack.simulator.simulation.ledger.read({ model: `sim-${model}` }, 0, 10_000).entries.length;

  it('is told so long before its time is over, and served once there is room', async () => {
    // Enough to tell by how fast they start.
    const early = Array.from({ length: 14 }, () => call({ model: 'slow' }));
    await eventually(() => made('slow') >= 8);
    const flood = Array.from({ length: 80 }, (_, n) => call({ model: 'slow', stream: n % 2 === 0 }));
    const late = await Promise.any(
      flood.map(async (one) => ((await one).status === 200 ? Promise.reject() : one)),
    );
    // The earliest deadline goes first: it can be met, so it is.
    const tight = await call({ model: 'slow' }, { 'x-penstock-deadline': '2s' });
    expect(tight.status).toBe(200);

    const first = await Promise.all(early);
    expect(first.map(({ status }) => status)).toEqual(first.map(() => 200));
    const rest = await Promise.all(flood);
    const refused = rest.filter(({ status }) => status !== 200);
    expect(refused.length).toBeLessThan(rest.length);
    expect(refused.length).toBeGreaterThan(rest.length / 4);
    for (const one of [late, ...refused]) {
      expect(one).toMatchObject({ status: 503, code: 'no_capacity' });
      expect(one.retryAfter).toBeGreaterThanOrEqual(1);
      expect(one.contentType).toMatch(/^application\/json/);
      expect(JSON.parse(one.text)).toMatchObject({ error: { type: 'server_error' } });
    }
    expect(late.tookMs).toBeLessThan(START_WITHIN_MS / 2);
    expect(refused.filter(({ tookMs }) => tookMs < START_WITHIN_MS / 2).length).toBeGreaterThan(
      refused.length / 2,
    );

    const again = await call({ model: 'slow' });
    expect(again.status).toBe(200);
    expect(made('slow')).toBe(first.length + rest.length - refused.length + 2);
    const jobs = refused.map(({ job }) => job.split('-')[0]);
    const { rows } = await stack.database.query<{ job: string }>(
      'SELECT job FROM ledger WHERE job = ANY($1)',
      [jobs],
    );
    expect(rows).toEqual([]);
  }, 60_000);

  it('is told when its provider will be back, where that is all it waits for', async () => {
    const first = await call({ model: 'busy' });
    const calls = made('busy');
    const second = await call({ model: 'busy', stream: true });
    for (const one of [first, second]) {
      expect(one).toMatchObject({ status: 429, code: 'rate_limited' });
      expect(one.retryAfter).toBeGreaterThan(50);
      expect(one.retryAfter).toBeLessThan(70);
    }
    expect(second.tookMs).toBeLessThan(START_WITHIN_MS / 2);
    expect(made('busy')).toBe(calls);
  });
});

import type { Deployment } from '@penstock/contracts';
import { eventually } from '@penstock/testing';
import { modelOf } from '../../services/simulator/src/models/read-model.js';
import { startStack, type Stack } from '../stack/start-stack.js';

const deployment = (name: string): Deployment => ({
  id: `simulator/${name}`,
  provider: 'simulator',
  upstreamModel: `sim-${name}`,
  price: { input: 1, output: 1 },
  limits: { concurrency: 1 },
});

/** All answers are as long as each other; who names no bound is taken to want very long ones. */
const JOBS = 40;

describe('what a tenant is charged for its turn', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      simulated: [
        modelOf('sim-one', 'chat', { latency: { firstTokenMs: 60 }, output: { tokens: 12 } }),
        modelOf('sim-timed', 'chat', { latency: { firstTokenMs: 400 }, output: { tokens: 12 } }),
      ],
      deployments: [deployment('one'), deployment('timed')],
      models: ['one', 'timed'].map((name) => ({
        name,
        deployments: [`simulator/${name}`],
        maxOutputTokens: 8_000,
      })),
    });
  });
  afterAll(() => stack.close());

  const submit = async (tenant: 'acme' | 'globex', body: object, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${stack.url}/v1/jobs`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${stack.keys[tenant]}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }], ...body }),
    });
    expect(answer.status).toBe(202);
    return ((await answer.json()) as { id: string }).id.split('-')[0]!;
  };
  const started = async (jobs: readonly string[]) => {
    const { rows } = await stack.database.query<{ job: string; tenant: string }>(
      'SELECT job, tenant FROM ledger WHERE job = ANY($1) ORDER BY started_at',
      [jobs],
    );
    return rows;
  };

  it('is what it used, as soon as that is known', async () => {
    const jobs = await Promise.all(
      Array.from({ length: JOBS }, () => [
        submit('acme', { model: 'one' }),
        submit('globex', { model: 'one', max_tokens: 16 }),
      ]).flat(),
    );
    await eventually(async () => (await started(jobs)).length === jobs.length, { timeoutMs: 30_000 });
    const firstHalf = (await started(jobs)).slice(0, JOBS);
    // By the estimates it would be one of acme's for hundreds of the other's.
    expect(firstHalf.filter(({ tenant }) => tenant === 'acme').length).toBeGreaterThan(JOBS / 4);
    expect(firstHalf.filter(({ tenant }) => tenant === 'globex').length).toBeGreaterThan(JOBS / 4);
  }, 60_000);

  it('goes ahead when as little time is left as its deployment needs, by what its calls took', async () => {
    // One call, so that its time is known.
    await submit('acme', { model: 'timed' });
    await eventually(
      () => stack.simulator.simulation.ledger.read({ model: 'sim-timed' }, 0, 10).entries.length,
    );
    await eventually(async () => {
      const answer = await fetch(`${stack.url}/v1/models/timed/endpoints`, {
        headers: { authorization: `Bearer ${stack.keys.acme}` },
      });
      return /latency[^{]*\{?[^}]*\d/.test(await answer.text());
    });
    const waiting = await Promise.all(Array.from({ length: 12 }, () => submit('acme', { model: 'timed' })));
    const urgent = await submit(
      'globex',
      { model: 'timed' },
      { 'x-penstock-class': 'batch', 'x-penstock-deadline': '2s' },
    );
    const all = [...waiting, urgent];
    await eventually(async () => (await started(all)).length === all.length, { timeoutMs: 30_000 });
    const order = (await started(all)).map(({ job }) => job);
    expect(order.indexOf(urgent)).toBeLessThan(7);
  }, 60_000);
});

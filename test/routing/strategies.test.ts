import type { DeploymentProfile, RoutedModel } from '@penstock/scheduling';
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

const model = (name: string, more: Partial<RoutedModel> = {}): RoutedModel => ({
  name,
  deployments: ['simulator/slow-dear', 'simulator/quick', 'simulator/cheap'],
  maxOutputTokens: 256,
  ...more,
});

describe('the strategies of a model', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      simulated: [
        modelOf('sim-slow-dear', 'chat', { latency: { firstTokenMs: 120, tokensPerSecond: 100 } }),
        modelOf('sim-quick', 'chat', { latency: { firstTokenMs: 5, tokensPerSecond: 4_000 } }),
        modelOf('sim-cheap', 'chat', { latency: { firstTokenMs: 60, tokensPerSecond: 400 } }),
        modelOf('sim-narrow', 'chat', { latency: { firstTokenMs: 300 } }),
      ],
      deployments: [
        deployment('slow-dear', { price: { input: 100, output: 100 } }),
        deployment('quick', { price: { input: 10, output: 10 }, weight: 3 }),
        deployment('cheap', { price: { input: 1, output: 1 }, weight: 1 }),
        deployment('narrow', { limits: { concurrency: 2 } }),
      ],
      models: [
        model('ordered'),
        model('cheapest', { strategy: 'cheapest' }),
        model('fastest', { strategy: 'fastest' }),
        model('throughput', { strategy: 'throughput' }),
        model('balanced', { strategy: 'balanced' }),
        model('sticky', { strategy: 'sticky' }),
        model('weighted', { strategy: 'weighted', deployments: ['simulator/cheap', 'simulator/quick'] }),
        model('canary', { canary: { deployment: 'simulator/cheap', percent: 20 } }),
        model('least-loaded', {
          strategy: 'least-loaded',
          deployments: ['simulator/narrow', 'simulator/quick'],
        }),
      ],
    });
  });
  afterAll(() => stack.close());

  const call = async (name: string, more: object = {}) => {
    const answer = await fetch(`${stack.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stack.keys.acme}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: name, messages: [{ role: 'user', content: 'Say something.' }], ...more }),
    });
    await answer.text();
    expect(answer.status).toBe(200);
  };
  const entries = () => stack.simulator.simulation.ledger.read({}, 0, 10_000).entries;
  /** Calls by upstream model while `work` was done. */
  const spread = async (work: () => Promise<unknown>) => {
    const before = entries().length;
    await work();
    const counts: Record<string, number> = {};
    for (const entry of entries().slice(before)) {
      const name = entry.model.replace('sim-', '');
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  };
  /** Fewer at a time than a deployment has room for: what is full goes elsewhere. */
  const calls = async (name: string, count: number, more?: () => object) => {
    for (let left = count; left > 0; left -= 8) {
      await Promise.all(Array.from({ length: Math.min(8, left) }, () => call(name, more?.())));
    }
  };

  it('ordered takes the first, cheapest the one that costs least', async () => {
    // A worker gathers its share of a limit step by step; until then even the first may be full.
    await eventually(async () => (await spread(() => calls('ordered', 8)))['slow-dear'] === 8);
    await eventually(async () => (await spread(() => calls('cheapest', 8)))['cheap'] === 8);
    expect(await spread(() => calls('ordered', 16))).toEqual({ 'slow-dear': 16 });
    expect(await spread(() => calls('cheapest', 16))).toEqual({ cheap: 16 });
  });

  it('weighted shares out by weight, balanced by the inverse square of the price', async () => {
    const weighted = await spread(() => calls('weighted', 120));
    expect(weighted['quick']).toBeGreaterThan(65);
    expect(weighted['cheap']).toBeGreaterThan(10);
    const balanced = await spread(() => calls('balanced', 80));
    expect(balanced['cheap']).toBeGreaterThan(65);
  });

  it('canary sends its share of jobs to the one that is tried out', async () => {
    const counts = await spread(() => calls('canary', 120));
    expect(counts['cheap']).toBeGreaterThan(6);
    expect(counts['cheap']).toBeLessThan(50);
    expect(counts['slow-dear']).toBe(120 - (counts['cheap'] ?? 0));
  });

  it('least-loaded takes the one with more headroom', async () => {
    const counts = await spread(() => calls('least-loaded', 30));
    expect(counts['quick']).toBeGreaterThan(20);
  });

  it('fastest and throughput go by what was measured lately', async () => {
    // Each deployment has been streamed from, so that its figures are known.
    for (const id of ['slow-dear', 'quick', 'cheap']) {
      await calls('ordered', 8, () => ({ stream: true, provider: { order: [`simulator/${id}`] } }));
    }
    await eventually(async () => (await spread(() => calls('fastest', 10)))['quick'] === 10);
    await eventually(async () => (await spread(() => calls('throughput', 10)))['quick'] === 10);
  });

  it('shows how each deployment of a model is', async () => {
    interface Figures {
      readonly latency_last_5m: object | null;
      readonly headroom: number | null;
    }
    const get = async (path: string) => {
      const answer = await fetch(`${stack.url}${path}`, {
        headers: { authorization: `Bearer ${stack.keys.acme}` },
      });
      expect(answer.status).toBe(200);
      return (await answer.json()) as { data: { id: string; endpoints: Figures[] } };
    };
    await eventually(async () => {
      const { data } = await get('/v1/models/fastest/endpoints');
      expect(data).toMatchObject({ id: 'fastest' });
      // What the earlier calls took up is told free with the next news of their worker.
      return data.endpoints.every((endpoint) => endpoint.latency_last_5m && endpoint.headroom === 1);
    });
    const { data } = await get('/v1/models/fastest/endpoints');
    const percentiles = { p50: expect.any(Number), p99: expect.any(Number) };
    expect(data.endpoints).toHaveLength(3);
    expect(data.endpoints[0]).toMatchObject({
      tag: 'simulator/slow-dear',
      pricing: { prompt: '0.0001', completion: '0.0001' },
      breaker: 'closed',
      headroom: 1,
      latency_last_5m: percentiles,
      throughput_last_5m: percentiles,
      uptime_last_5m: 100,
      uptime_last_30m: 100,
      uptime_last_1d: 100,
    });
    expect(await get('/v1/models/fastest')).toMatchObject({ id: 'fastest', endpoints: data.endpoints });
  });

  it('refuses a deadline that no deployment can meet', async () => {
    const answer = await fetch(`${stack.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${stack.keys.acme}`,
        'content-type': 'application/json',
        'x-penstock-deadline': '40ms',
      },
      body: JSON.stringify({
        model: 'ordered',
        messages: [{ role: 'user', content: 'Say something.' }],
        provider: { only: ['simulator/slow-dear'] },
      }),
    });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ error: { param: 'x-penstock-deadline' } });
  });

  it('sticky keeps a conversation on one deployment, and spreads conversations', async () => {
    const of = (session: string) => spread(() => calls('sticky', 6, () => ({ session_id: session })));
    const seen = new Set<string>();
    for (let n = 0; n < 8; n++) {
      const counts = await of(`conversation-${n}`);
      expect(Object.values(counts)).toEqual([6]);
      seen.add(Object.keys(counts)[0]!);
    }
    expect(seen.size).toBeGreaterThan(1);
  });
});

import { eventually } from '@penstock/testing';
import { spawnStack, type SpawnedStack } from '../stack/spawn-stack.js';

const CONCURRENCY = 6;

const config = (simulatorUrl: string) => `
providers:
  simulator: { adapter: openai, baseUrl: '${simulatorUrl}/v1', apiKey: '\${env:SIMULATOR_KEY}' }
deployments:
  - { id: simulator/small, provider: simulator, model: sim-small, price: { input: 1, output: 2 }, limits: { concurrency: ${CONCURRENCY} }, timeouts: { abandoned: 1s } }
  - id: simulator/large
    provider: simulator
    model: sim-large
    price: { input: 1, output: 2 }
    timeouts: { abandoned: 1s }
    credentials:
      - { name: one, apiKey: '\${env:SIMULATOR_KEY}', limits: { concurrency: 2 } }
      - { name: two, apiKey: '\${env:ACME_KEY}', limits: { concurrency: 3 } }
models:
  small: { deployments: [simulator/small] }
  large: { deployments: [simulator/large] }
tenants:
  - { id: acme, keys: [{ name: default, secret: '\${env:ACME_KEY}' }] }
`;

interface Figures {
  readonly inFlight: number;
  readonly peakConcurrency: number;
  readonly outcomes: { readonly completed: number; readonly refused: number };
}

describe('a limit that workers share', () => {
  let stack: SpawnedStack;
  beforeAll(async () => {
    stack = await spawnStack(config);
  }, 90_000);
  afterAll(() => stack.close());

  const simulator = (path: string, init?: object) => fetch(`${stack.simulatorUrl}/_simulator/${path}`, init);
  const change = (model: string, body: object) =>
    simulator(`models/${model}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const figures = async (model: string): Promise<Figures> => {
    const stats = (await (await simulator('stats')).json()) as { models: Record<string, Figures> };
    return stats.models[model]!;
  };
  const submit = async (model: string, count: number) => {
    const submitted = await Promise.all(
      Array.from({ length: count }, () =>
        fetch(`${stack.url}/v1/jobs`, {
          method: 'POST',
          headers: { authorization: `Bearer ${stack.keys.acme}`, 'content-type': 'application/json' },
          body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Say something.' }] }),
        }),
      ),
    );
    expect(submitted.map(({ status }) => status)).toEqual(Array(count).fill(202));
  };

  it('is fully used and never passed while workers come, are killed and leave', async () => {
    await change('sim-small', { latency: { firstTokenMs: { uniform: [300, 700] } } });
    await simulator('ledger', { method: 'DELETE' });
    const inFlight = async () => (await figures('sim-small')).inFlight;
    const isFull = (what: string) =>
      eventually(async () => (await inFlight()) === CONCURRENCY, { timeoutMs: 30_000, what });
    await submit('small', 400);
    await isFull('full use by one worker');
    const second = stack.startAnother('worker');
    const third = stack.startAnother('worker');
    await eventually(async () => (await figures('sim-small')).outcomes.completed > 60);
    await isFull('full use by three workers');
    await stack.kill('worker');
    await eventually(async () => (await inFlight()) < CONCURRENCY);
    await isFull('full use by the two that are left');
    await second('SIGTERM');
    await isFull('full use by the last one');
    // What the killed one had under way comes again.
    await eventually(async () => (await figures('sim-small')).outcomes.completed >= 400, {
      timeoutMs: 60_000,
    });
    expect((await figures('sim-small')).peakConcurrency).toBe(CONCURRENCY);
    await third('SIGTERM');
    stack.start('worker');
  }, 150_000);

  it('is one for each credential', async () => {
    await change('sim-large', { latency: { firstTokenMs: 500 } });
    await submit('large', 20);
    await eventually(async () => (await figures('sim-large')).outcomes.completed === 20, {
      timeoutMs: 30_000,
    });
    expect((await figures('sim-large')).peakConcurrency).toBe(5);
    const { entries } = (await (await simulator('ledger?model=sim-large')).json()) as {
      entries: { key: string }[];
    };
    const byKey = Object.values(Object.groupBy(entries, ({ key }) => key)).map((calls) => calls?.length ?? 0);
    expect(byKey.toSorted((a, b) => a - b)).toEqual([expect.any(Number), expect.any(Number)]);
    expect(Math.min(...byKey)).toBeGreaterThan(4);
  }, 60_000);
});

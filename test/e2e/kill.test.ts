import { openDatabase, type Database } from '@penstock/persistence';
import { eventually } from '@penstock/testing';
import { providerLedger } from '../faults/src/load/provider.js';
import { spawnStack, type SpawnedStack } from '../stack/spawn-stack.js';

const config = (simulatorUrl: string) => `
providers:
  simulator: { adapter: openai, baseUrl: '${simulatorUrl}/v1', apiKey: '\${env:SIMULATOR_KEY}' }
deployments:
  - { id: simulator/small, provider: simulator, model: sim-small, price: { input: 0.15, output: 0.60 }, limits: { concurrency: 32 }, timeouts: { abandoned: 1s } }
models:
  small: { deployments: [simulator/small] }
tenants:
  - { id: acme, keys: [{ name: default, secret: '\${env:ACME_KEY}' }] }
  - { id: globex, keys: [{ name: default, secret: '\${env:GLOBEX_KEY}' }] }
`;

const JOBS = 500;
const INTERACTIVE = 100;

describe('killed in the middle of 500 jobs', () => {
  let stack: SpawnedStack;
  let database: Database;
  beforeAll(async () => {
    stack = await spawnStack(config);
    database = openDatabase({ url: stack.databaseUrl, applicationName: 'kill-test', poolSize: 2 });
    await fetch(`${stack.simulatorUrl}/_simulator/models/sim-small`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ latency: { firstTokenMs: { uniform: [100, 400] } } }),
    });
  }, 90_000);
  afterAll(async () => {
    await database.close();
    await stack.close();
  });

  const post = (path: string, i: number, headers: Record<string, string> = {}) =>
    fetch(`${stack.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${i % 2 === 0 ? stack.keys.acme : stack.keys.globex}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: JSON.stringify({ model: 'small', messages: [{ role: 'user', content: `Number ${i}.` }] }),
    });

  /** Submits until it is accepted: a refusal says that nothing was. */
  const submit = async (i: number): Promise<string> => {
    const priorityClass = i % 3 === 0 ? 'batch' : 'standard';
    const id = await eventually(
      async () => {
        const response = await post('/v1/jobs', i, {
          'x-penstock-class': priorityClass,
          'idempotency-key': `kill-${i}`,
        });
        if (response.status !== 202) return undefined;
        return ((await response.json()) as { id: string }).id;
      },
      { timeoutMs: 60_000, what: `acceptance of job ${i}` },
    );
    return id.split('-')[0] ?? '';
  };
  const outcomes = async () =>
    (await database.query<{ job: string; state: string }>('SELECT job, state FROM job_outcome')).rows;
  const ended = (count: number) =>
    eventually(async () => (await outcomes()).length >= count, {
      timeoutMs: 60_000,
      what: `${count} outcomes`,
    });

  it('has exactly one outcome and one ledger row for every accepted job, as the simulator counted it', async () => {
    const before = (await outcomes()).length;
    const accepted = Array.from({ length: JOBS - INTERACTIVE }, (_, i) => submit(i));
    const answered = Array.from({ length: INTERACTIVE }, async (_, i) => {
      const response = await post('/v1/chat/completions', i);
      return { status: response.status, job: response.headers.get('x-penstock-job') };
    });

    await ended(before + 60);
    await stack.kill('router');
    stack.start('router');
    await ended(before + 160);
    await stack.kill('worker');
    stack.start('worker');
    await ended(before + 300);
    await stack.nats.kill();
    await stack.nats.restart();

    const ids = await Promise.all(accepted);
    const waited = await Promise.all(answered);
    const byId = await eventually(
      async () => {
        const found = new Map((await outcomes()).map(({ job, state }) => [job, state]));
        return ids.every((id) => found.has(id)) ? found : undefined;
      },
      { timeoutMs: 90_000, what: 'an outcome for every accepted job' },
    );
    expect(ids.map((id) => byId.get(id))).toEqual(ids.map(() => 'succeeded'));
    const good = waited.filter(({ status }) => status === 200);
    expect(waited.filter(({ status }) => status !== 200 && status !== 500 && status !== 503)).toEqual([]);

    const { rows } = await database.query<{
      job: string;
      attempt: string;
      input: number;
      output: number;
      lost: boolean;
    }>(
      `SELECT job, attempt_id AS attempt, input_tokens::int AS input, output_tokens::int AS output,
              usage_source = 'estimated' AND failure_reason = 'worker_lost' AS lost FROM ledger`,
    );
    const simulated = new Map(
      (await providerLedger(stack.simulatorUrl, 0)).map((entry) => [entry.attempt, entry]),
    );
    for (const id of [...ids, ...good.map(({ job }) => job ?? '')]) {
      const billed = rows.filter((row) => row.job === id && !row.lost);
      expect(billed).toHaveLength(1);
      const call = simulated.get(billed[0]?.attempt ?? '');
      expect(call).toMatchObject({
        outcome: 'completed',
        inputTokens: billed[0]?.input,
        outputTokens: billed[0]?.output,
      });
    }
    // What the killed worker was doing is on record as lost; what it was given in its last second may be on none.
    const unbilled = [...simulated.values()].filter(
      ({ attempt, outcome }) => outcome === 'completed' && !rows.some((row) => row.attempt === attempt),
    );
    expect(unbilled.length).toBeLessThanOrEqual(32);
    expect(new Set(rows.map(({ attempt }) => attempt)).size).toBe(rows.length);
  }, 240_000);
});

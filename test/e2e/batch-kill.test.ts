import { openDatabase, type Database } from '@penstock/persistence';
import { eventually } from '@penstock/testing';
import { providerLedger } from '../faults/src/load/provider.js';
import { spawnStack, type SpawnedStack } from '../stack/spawn-stack.js';

const LINES = 400;

const FILE = Array.from({ length: LINES }, (_, i) =>
  JSON.stringify({
    custom_id: `line ${i}`,
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model: 'small', messages: [{ role: 'user', content: `Number ${i}.` }] },
  }),
).join('\n');

/** Lines lie in their lane several to a message: what dies with some of them must not take the others along. */
describe('a batch whose routers and workers are killed in the middle', () => {
  let stack: SpawnedStack;
  let database: Database;
  beforeAll(async () => {
    stack = await spawnStack();
    database = openDatabase({ url: stack.databaseUrl, applicationName: 'batch-kill-test', poolSize: 2 });
    await fetch(`${stack.simulatorUrl}/_simulator/models/sim-small`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ latency: { firstTokenMs: { uniform: [50, 700] } } }),
    });
  }, 90_000);
  afterAll(async () => {
    await database.close();
    await stack.close();
  });

  const call = async (path: string, init: RequestInit = {}, headers: Record<string, string> = {}) => {
    const authorization = `Bearer ${stack.keys.acme}`;
    const response = await fetch(`${stack.url}${path}`, { ...init, headers: { authorization, ...headers } });
    expect(response.status).toBe(200);
    return response;
  };
  const outcomes = async () =>
    (
      await database.query<{ job: string; state: string }>(
        `SELECT job, state FROM job_outcome WHERE job LIKE 'batch_%.%'`,
      )
    ).rows;
  const ended = (count: number) =>
    eventually(async () => (await outcomes()).length >= count, {
      timeoutMs: 60_000,
      what: `${count} outcomes`,
    });

  it('has one outcome and one paid call for each of its lines', async () => {
    const endWorker = stack.startAnother('worker');
    const endRouter = stack.startAnother('router');
    const form = new FormData();
    form.set('purpose', 'batch');
    form.set('file', new Blob([FILE]), 'in.jsonl');
    const { id: input } = (await (await call('/v1/files', { method: 'POST', body: form })).json()) as {
      id: string;
    };
    const created = await call(
      '/v1/batches',
      {
        method: 'POST',
        body: JSON.stringify({
          input_file_id: input,
          endpoint: '/v1/chat/completions',
          completion_window: '24h',
        }),
      },
      { 'content-type': 'application/json' },
    );
    const { id } = (await created.json()) as { id: string };

    await ended(60);
    await stack.kill('router');
    stack.start('router');
    await ended(150);
    await endWorker('SIGKILL');
    await ended(220);
    await endRouter('SIGTERM');

    const batch = await eventually(
      async () => {
        const found = (await (await call(`/v1/batches/${id}`)).json()) as {
          status: string;
          request_counts: object;
          output_file_id: string;
        };
        return found.status === 'completed' ? found : undefined;
      },
      { timeoutMs: 120_000, what: 'the end of the batch' },
    );
    expect(batch.request_counts).toEqual({ total: LINES, completed: LINES, failed: 0 });
    const output = (await (await call(`/v1/files/${batch.output_file_id}/content`)).text()).trimEnd();
    const answered = output.split('\n').map((line) => (JSON.parse(line) as { custom_id: string }).custom_id);
    expect(new Set(answered).size).toBe(LINES);
    expect(answered).toHaveLength(LINES);

    await ended(LINES);
    expect((await outcomes()).filter(({ state }) => state !== 'succeeded')).toEqual([]);
    const { rows } = await database.query<{ job: string; attempt: string; lost: boolean }>(
      `SELECT job, attempt_id AS attempt, usage_source = 'estimated' AND failure_reason = 'worker_lost' AS lost
       FROM ledger WHERE job LIKE 'batch_%.%'`,
    );
    const paid = rows.filter(({ lost }) => !lost);
    expect(new Set(paid.map(({ job }) => job)).size).toBe(LINES);
    expect(paid).toHaveLength(LINES);
    const completed = new Set(
      (await providerLedger(stack.simulatorUrl, 0))
        .filter(({ outcome }) => outcome === 'completed')
        .map(({ attempt }) => attempt),
    );
    expect(paid.filter(({ attempt }) => !completed.has(attempt))).toEqual([]);
  }, 240_000);
});

import { setTimeout as pause } from 'node:timers/promises';
import { openConnection, publishJob, type Connection } from '@penstock/messaging';
import { openDatabase } from '@penstock/persistence';
import { installed, type Installed } from './installed.js';
import type { Measure } from './measure.js';
import { changeModel, ledgerOf, meanConcurrency } from './simulated-provider.js';

const SLOTS = 32;
const SERVICE_MS = 200;
const PER_SECOND = 10;
const TENANTS = { backlog: 'acme', newcomer: 'initech', people: 'globex' };

const CONFIG = `
providers:
  simulator: { adapter: openai, baseUrl: 'http://127.0.0.1:\${env:PENSTOCK_SIMULATOR_PORT}/v1', apiKey: '\${env:SIMULATOR_KEY}' }
deployments:
  - { id: simulator/small, provider: simulator, model: sim-small, price: { input: 1, output: 2 }, limits: { concurrency: ${SLOTS} } }
models:
  small: { deployments: [simulator/small] }
tenants:
  - { id: ${TENANTS.backlog} }
  - { id: ${TENANTS.newcomer} }
  - { id: ${TENANTS.people}, keys: [{ name: default, secret: '\${env:GLOBEX_KEY}' }] }
`;

/** A million jobs of one tenant wait; another tenant comes, and people call. */
export const backlogAndPeople: Measure = {
  name: 'backlog-and-people',
  title: "A tenant's backlog of a million jobs, another tenant's first one, and people who wait",
  run(options) {
    const backlog = options.short ? 20_000 : 1_000_000;
    const seconds = options.short ? 20 : 120;
    return installed(
      options,
      { config: CONFIG, replicas: { router: 2, worker: 2 } },
      async (installation) => {
        const { simulatorUrl } = installation;
        // Calls that all take the same time would all end at the same time, too.
        const latency = { firstTokenMs: { uniform: [SERVICE_MS / 2, SERVICE_MS * 1.5] } };
        await changeModel(simulatorUrl, 'sim-small', { latency });
        const connection = await openConnection({ url: installation.natsUrl, name: 'backlog' });
        await publishBacklog(connection, backlog);
        options.say(`  ${backlog} jobs are stored`);
        while ((await ledgerOf(simulatorUrl, 'sim-small')).length < SLOTS * 25) await pause(200);

        const newcomers = [];
        for (let i = 0; i < 10; i++) {
          newcomers.push(await firstOfNewcomer(connection, i));
          await pause(1_000);
        }
        const fromMs = Date.now();
        const calls: Promise<void>[] = [];
        for (let i = 0; i < seconds * PER_SECOND; i++) {
          await pause(Math.max(0, fromMs + (i * 1_000) / PER_SECOND - Date.now()));
          calls.push(callAsPerson(installation));
        }
        await Promise.all(calls);
        const toMs = Date.now();
        const used = meanConcurrency(await ledgerOf(simulatorUrl, 'sim-small'), fromMs, toMs) / SLOTS;
        await connection.close();

        const waits = await startWaits(installation.databaseUrl, {
          newcomers,
          people: seconds * PER_SECOND,
        });
        const p99 = waits.people[Math.ceil(waits.people.length * 0.99) - 1] ?? NaN;
        const slowest = Math.max(...waits.newcomers);
        return {
          findings: [
            {
              what: "another tenant's first job of the class, the slowest of ten",
              figure: `${slowest.toFixed(0)} ms after its acceptance`,
              bound: `within 5 service times (${5 * SERVICE_MS} ms)`,
              met: slowest <= 5 * SERVICE_MS,
            },
            {
              what: `queue time of ${waits.people.length} interactive jobs, p99`,
              figure: `${p99.toFixed(1)} ms`,
              bound: 'under 50 ms',
              met: p99 < 50,
            },
            {
              what: `part of ${SLOTS} slots used meanwhile`,
              figure: `${(used * 100).toFixed(1)} %`,
              bound: 'at least 95 %',
              met: used >= 0.95,
            },
          ],
          figures: {
            backlog,
            newcomers: waits.newcomers,
            peopleP50: waits.people[waits.people.length >> 1],
            p99,
            used,
          },
        };
      },
    );
  },
};

const BODY = new TextEncoder().encode(
  JSON.stringify({ model: 'small', max_tokens: 16, messages: [{ role: 'user', content: 'Name a river.' }] }),
);

const AT_ONCE = 1_000;

async function publishBacklog(connection: Connection, count: number): Promise<void> {
  for (let i = 0; i < count; i += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - i);
    await Promise.all(
      Array.from({ length: size }, (_, j) => publish(connection, TENANTS.backlog, `backlog_${i + j}`)),
    );
  }
}

/** The job that another tenant sends while the backlog waits; nothing else of it is there. */
async function firstOfNewcomer(connection: Connection, i: number): Promise<string> {
  const id = `first_${i}`;
  await publish(connection, TENANTS.newcomer, id);
  return id;
}

async function publish(connection: Connection, tenant: string, id: string): Promise<void> {
  const stored = await publishJob(
    connection,
    {
      id,
      tenant,
      class: 'batch',
      origin: 'subject',
      api: 'openai.chat',
      model: 'small',
      stream: false,
      estimatedInputTokens: 4,
      estimatedOutputTokens: 16,
      acceptedAtMs: Date.now(),
      keepResult: false,
      attempts: [],
    },
    BODY,
  );
  if (stored.kind !== 'stored') throw new Error(`job ${id} is ${stored.kind}`);
}

async function callAsPerson({ httpUrl, keyOf }: Installed): Promise<void> {
  const response = await fetch(`${httpUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keyOf(TENANTS.people)}`, 'content-type': 'application/json' },
    body: BODY,
  });
  if (!response.ok) throw new Error(`a call was answered with ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}

/** Milliseconds from acceptance to the start of the first attempt, shortest first, as accounting has them. */
async function startWaits(
  url: string,
  expected: { readonly newcomers: readonly string[]; readonly people: number },
): Promise<{ newcomers: number[]; people: number[] }> {
  const database = openDatabase({ url, applicationName: 'bench-limits', poolSize: 1 });
  const waitsOf = async (tenant: string) => {
    const { rows } = await database.query<{ ms: string }>(
      `SELECT extract(epoch FROM l.started_at - o.accepted_at) * 1000 AS ms
         FROM job_outcome o JOIN ledger l USING (tenant, job) WHERE o.tenant = $1 ORDER BY 1`,
      [tenant],
    );
    return rows.map(({ ms }) => Number(ms));
  };
  try {
    for (;;) {
      const [newcomers, people] = [await waitsOf(TENANTS.newcomer), await waitsOf(TENANTS.people)];
      if (newcomers.length >= expected.newcomers.length && people.length >= expected.people)
        return { newcomers, people };
      await pause(500);
    }
  } finally {
    await database.close();
  }
}

import { STREAM, SUBJECT, type JobEvent, type OutcomeAnswer, type UsageAnswer } from '@penstock/contracts';
import { ensureTopology, openConnection, request, tell, type Connection } from '@penstock/messaging';
import { migrateDatabase, openDatabase, type Database } from '@penstock/persistence';
import { systemClock } from '@penstock/resilience';
import { collectSpans, startTelemetry, type Telemetry } from '@penstock/telemetry';
import { eventually, startNatsServer, type TestNatsServer } from '@penstock/testing';

import { startAccounting, type RunningAccounting } from '../../services/accounting/src/start-accounting.js';
import { DAY, DEPLOYMENTS, jobEvent } from './job-event.js';
import { startOwnPostgres, type OwnPostgres } from './own-postgres.js';

const spans = collectSpans();
let nats: TestNatsServer;
let postgres: OwnPostgres;
let telemetry: Telemetry;
let connection: Connection;
let database: Database;

beforeAll(async () => {
  [nats, postgres] = await Promise.all([startNatsServer(), startOwnPostgres()]);
  telemetry = startTelemetry({
    service: 'accounting',
    version: '0',
    spanProcessors: [spans.processor],
    log: { level: 'silent' },
  });
});

afterAll(async () => {
  await telemetry.shutdown();
  await Promise.all([nats.stop(), postgres.remove()]);
});

beforeEach(async () => {
  connection = await openConnection({ url: nats.url, name: 'accounting' });
  await ensureTopology(connection);
  database = openDatabase({ url: postgres.url, applicationName: 'accounting', poolSize: 4 });
});

afterEach(async () => {
  await Promise.allSettled(running.splice(0).map((accounting) => accounting.close()));
  await connection.jsm.consumers.delete(STREAM.events, 'accounting');
  await connection.jsm.streams.purge(STREAM.events);
  await database.query('TRUNCATE ledger, uncharged_attempt, job_outcome, parked_event');
  await database.close();
  await connection.close();
  spans.clear();
});

const running: RunningAccounting[] = [];

/** Starts one that is closed after the test. */
async function start(
  parts: { connection?: Connection; database?: Database } = {},
): Promise<RunningAccounting> {
  const given = { connection, database, clock: systemClock, deployments: DEPLOYMENTS, telemetry, ...parts };
  const accounting = await startAccounting(given);
  running.push(accounting);
  return accounting;
}

async function publish(...events: JobEvent[]): Promise<void> {
  const told = await Promise.all(events.map((event) => tell(connection, systemClock, event)));
  expect(told).not.toContain(false);
}

const jobs = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, i) => jobEvent(`${prefix}_${i}`));

async function ledgerRows(): Promise<number> {
  const { rows } = await database.query<{ count: string }>('SELECT count(*) FROM ledger');
  return Number(rows[0]?.count);
}

async function unsettled(): Promise<number> {
  const info = await connection.jsm.consumers.info(STREAM.events, 'accounting');
  return info.num_pending + info.num_ack_pending;
}

const allSettled = () => eventually(async () => (await unsettled()) === 0, { timeoutMs: 30_000 });

describe('accounting', () => {
  it('starts before Postgres has its tables, and catches up when it has', async () => {
    const accounting = await start();
    await publish(...jobs(20, 'early'));
    expect(await accounting.isReady()).toBe(false);
    await migrateDatabase({ url: postgres.url, applicationName: 'migrate' });
    await allSettled();
    expect(await ledgerRows()).toBe(20);
    expect(await accounting.isReady()).toBe(true);
  });

  it('answers what was used and how a job ended', async () => {
    await start();
    await publish(jobEvent('job_1'), jobEvent('job_2', { tenant: 'other' }));
    await allSettled();
    const question = { tenant: 'acme', fromMs: DAY, toMs: DAY + 86_400_000 };
    expect(await request<UsageAnswer>(connection, SUBJECT.askUsage, question)).toEqual({
      ok: true,
      value: {
        rows: [
          {
            tenant: 'acme',
            model: 'small',
            day: '2026-11-20',
            jobs: 1,
            attempts: 1,
            chargedAttempts: 1,
            inputTokens: 100,
            outputTokens: 20,
            cachedInputTokens: 0,
            cacheWriteTokens: 0,
            reasoningTokens: 0,
            costUsd: '0.000027',
          },
        ],
      },
    });
    expect(
      await request<OutcomeAnswer>(connection, SUBJECT.askOutcome, { tenant: 'other', job: 'job_2' }),
    ).toMatchObject({ ok: true, value: { outcome: { state: 'succeeded', attempts: 1 } } });
    expect(
      await request<OutcomeAnswer>(connection, SUBJECT.askOutcome, { tenant: 'acme', job: 'job_2' }),
    ).toEqual({ ok: true, value: {} });
    expect(await request<UsageAnswer>(connection, SUBJECT.askUsage, { fromMs: 5, toMs: 4 })).toMatchObject({
      ok: false,
      refusal: { code: 'invalid_request', param: 'toMs' },
    });
  });

  it("makes a span of each event in the job's own trace", async () => {
    await start();
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const parentSpanId = 'b7ad6b7169203331';
    await publish(jobEvent('traced', { traceparent: `00-${traceId}-${parentSpanId}-01` }));
    await allSettled();
    const made = await eventually(() => spans.finished().find((span) => span.traceId === traceId));
    expect(made).toMatchObject({
      parentSpanId,
      name: 'process events.{tenant}.{kind}.{job}',
      kind: 'consumer',
      attributes: { 'penstock.tenant': 'acme', 'penstock.attempt.id': 'att_traced' },
    });
    expect(await telemetry.scrape()).toMatch(
      /penstock_ledger_rows_total\{[^}]*deployment="simulator\/small"[^}]*\} \d+/,
    );
  });

  it('killed between commit and acknowledgement, records the events once', async () => {
    const doomedConnection = await openConnection({ url: nats.url, name: 'doomed' });
    let commits = 0;
    await start({
      connection: doomedConnection,
      database: {
        ...bound(database),
        async transaction(work) {
          const result = await database.transaction(work);
          commits++;
          // Nothing that comes after the commit leaves this process any more.
          await doomedConnection.nc.close();
          return result;
        },
      },
    });
    await publish(...jobs(50, 'once'));
    await eventually(() => commits > 0);
    expect(await ledgerRows()).toBeGreaterThan(0);
    expect(await unsettled()).toBe(50);

    await start();
    // The lease of the dead one lasts a minute; a test does not.
    await connection.jsm.consumers.update(STREAM.events, 'accounting', { ack_wait: 500_000_000 });
    await allSettled();
    expect(await ledgerRows()).toBe(50);
  });

  it('loses nothing and doubles nothing when Postgres is killed while events flow', async () => {
    const accounting = await start();
    const flow = async () => {
      for (let i = 0; i < 100; i++) await publish(...jobs(50, `flow_${i}`));
    };
    const flowing = flow();
    await eventually(async () => (await ledgerRows()) > 200);
    await postgres.kill();
    await eventually(async () => !(await accounting.isReady()));
    await flowing;
    expect(await request<UsageAnswer>(connection, SUBJECT.askUsage, { fromMs: 0, toMs: 1 })).toMatchObject({
      ok: false,
      refusal: { code: 'unavailable' },
    });
    await postgres.start();
    await allSettled();
    expect(await ledgerRows()).toBe(5000);
    expect(await accounting.isReady()).toBe(true);
  });

  it('shares the events among replicas, each recorded by one of them', async () => {
    await Promise.all([start(), start()]);
    await publish(...jobs(1000, 'shared'));
    await allSettled();
    expect(await ledgerRows()).toBe(1000);
  });
});

function bound(of: Database): Database {
  return {
    query: (statement, parameters) => of.query(statement, parameters),
    transaction: (work) => of.transaction(work),
    manager: () => of.manager(),
    isReachable: () => of.isReachable(),
    close: () => of.close(),
  };
}

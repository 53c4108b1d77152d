import { randomInt } from 'node:crypto';

import type { JobEvent } from '@penstock/contracts';
import { migrateDatabase, openDatabase, SqlAccountingStore, type Database } from '@penstock/persistence';
import { createDatabase, type TestDatabase } from '@penstock/testing';

import { incomingEvent, type EventMessage } from '../../services/accounting/src/events/incoming-event.js';
import { recordEvents } from '../../services/accounting/src/events/record-events.js';
import { retryParked } from '../../services/accounting/src/events/retry-parked.js';
import { PriceList } from '../../services/accounting/src/pricing/price-list.js';
import { attemptRecord, DAY, DEPLOYMENTS, eventMessage, jobEvent } from './job-event.js';

let testDatabase: TestDatabase;
let database: Database;
let store: SqlAccountingStore;
const { priceOf } = new PriceList(DEPLOYMENTS);

beforeAll(async () => {
  testDatabase = await createDatabase();
  await migrateDatabase({ url: testDatabase.url, applicationName: 'test' });
  database = openDatabase({ url: testDatabase.url, applicationName: 'test', poolSize: 4 });
  store = new SqlAccountingStore(database);
});

afterEach(() => database.query('TRUNCATE ledger, uncharged_attempt, job_outcome, parked_event'));

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const recordMessages = (messages: readonly EventMessage[]) =>
  recordEvents(store, messages.map(incomingEvent), priceOf);

const record = (...events: JobEvent[]) => recordMessages(events.map(eventMessage));

async function rowsOf(table: string): Promise<readonly Record<string, unknown>[]> {
  return (await database.query<Record<string, unknown>>(`SELECT * FROM ${table}`)).rows;
}

describe('an event', () => {
  it('becomes one ledger row with what it used, at the price of now', async () => {
    const attempt = attemptRecord('att_1', {
      number: 2,
      usage: {
        inputTokens: 1000,
        outputTokens: 500,
        cachedInputTokens: 400,
        reasoningTokens: 100,
        source: 'provider',
      },
      upstreamId: 'chatcmpl-"1"\\{a,b}',
    });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await record(jobEvent('job_1', { attempt, traceparent, outcome: { state: 'succeeded', attempts: 2 } }));

    const [row, ...others] = await rowsOf('ledger');
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      attempt_id: 'att_1',
      attempt_number: 2,
      tenant: 'acme',
      job: 'job_1',
      class: 'standard',
      origin: 'http',
      api: 'openai.chat',
      model: 'small',
      key_name: 'default',
      deployment: 'simulator/small',
      provider: 'simulator',
      upstream_model: 'sim-small',
      upstream_id: 'chatcmpl-"1"\\{a,b}',
      input_tokens: '1000',
      output_tokens: '500',
      cached_input_tokens: '400',
      cache_write_tokens: '0',
      reasoning_tokens: '100',
      usage_source: 'provider',
      input_price: '150000',
      output_price: '600000',
      cached_input_price: '75000',
      cache_write_price: '150000',
      // 600 x 0.15 + 400 x 0.075 + 500 x 0.60 dollars a million: 0.00042 dollars.
      cost_pico_usd: '420000000',
      started_at: new Date(DAY + 1_000),
      first_byte_at: new Date(DAY + 1_100),
      ended_at: new Date(DAY + 1_500),
      failure_reason: null,
      trace_id: '0af7651916cd43dd8448eb211c80319c',
    });
    expect(await store.outcome({ tenant: 'acme', job: 'job_1' })).toEqual({
      state: 'succeeded',
      attempts: 2,
      class: 'standard',
      origin: 'http',
      api: 'openai.chat',
      model: 'small',
      acceptedAtMs: DAY,
      endedAtMs: DAY + 1_600,
    });
    expect(await store.outcome({ tenant: 'other', job: 'job_1' })).toBeUndefined();
  });

  it('told twenty times, alone and in company, is one row', async () => {
    const event = jobEvent('job_1');
    const counts = [];
    for (let i = 0; i < 10; i++) counts.push((await record(event)).ledger.length);
    counts.push((await record(...Array.from({ length: 5 }, () => event))).ledger.length);
    const together = await Promise.all(
      Array.from({ length: 5 }, (_, i) => record(jobEvent(`job_of_${i}`), event)),
    );
    expect(counts).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(together.map(({ ledger }) => ledger.map(({ job }) => job))).toEqual(
      [0, 1, 2, 3, 4].map((i) => [`job_of_${i}`]),
    );
    expect(await rowsOf('ledger')).toHaveLength(6);
    expect(await rowsOf('job_outcome')).toHaveLength(6);
  });

  it('told to five at once for the first time is new to exactly one of them', async () => {
    const recorded = await Promise.all(Array.from({ length: 4 }, () => record(jobEvent('job_1'))));
    expect(recorded.flatMap(({ ledger }) => ledger)).toHaveLength(1);
    expect(await rowsOf('ledger')).toHaveLength(1);
  });

  it('of an attempt without usage costs nothing and stays out of the ledger', async () => {
    const { usage: _, ...attempt } = attemptRecord('att_1', {
      failure: { reason: 'rate_limited', message: 'slow down', status: 429 },
    });
    const { outcome: __, ...event } = jobEvent('job_1', { attempt });
    await record(event);
    expect(await rowsOf('ledger')).toEqual([]);
    expect(await rowsOf('job_outcome')).toEqual([]);
    expect(await rowsOf('uncharged_attempt')).toMatchObject([
      { attempt_id: 'att_1', failure_reason: 'rate_limited', failure_status: 429 },
    ]);
  });

  it('of a failed attempt that is charged for all the same is in the ledger', async () => {
    const attempt = attemptRecord('att_1', {
      failure: { reason: 'stream_interrupted', message: 'cut' },
      usage: { inputTokens: 10, outputTokens: 0, source: 'estimated' },
    });
    await record(jobEvent('job_1', { attempt }));
    expect(await rowsOf('ledger')).toMatchObject([
      { failure_reason: 'stream_interrupted', usage_source: 'estimated', cost_pico_usd: '1500000' },
    ]);
  });

  it('of a job whose body named no model is recorded like any other', async () => {
    const { attempt: _, ...event } = jobEvent('job_1', { model: '' });
    await record({ ...event, outcome: { state: 'failed', attempts: 0, errorCode: 'malformed_json' } });
    expect(await store.outcome({ tenant: 'acme', job: 'job_1' })).toMatchObject({
      state: 'failed',
      model: '',
    });
    expect(await rowsOf('parked_event')).toEqual([]);
  });

  it('with a second outcome for a job changes nothing: the first one told is the outcome', async () => {
    const { attempt: _, ...event } = jobEvent('job_1');
    await record({ ...event, outcome: { state: 'expired', attempts: 0, errorCode: 'deadline_exceeded' } });
    await record(event);
    expect(await store.outcome({ tenant: 'acme', job: 'job_1' })).toMatchObject({
      state: 'expired',
      errorCode: 'deadline_exceeded',
    });
  });
});

describe('an event that cannot be recorded', () => {
  const tampered = (change: (event: Record<string, unknown>) => void) => {
    const event = structuredClone(jobEvent('job_1')) as unknown as Record<string, unknown>;
    change(event);
    return { ...eventMessage(jobEvent('job_1')), data: Buffer.from(JSON.stringify(event)) };
  };

  it.each([
    ['unknown_version', tampered((event) => (event['version'] = 2))],
    ['malformed', { ...eventMessage(jobEvent('job_1')), data: Buffer.from('{"version":') }],
    ['malformed', { ...eventMessage(jobEvent('job_1')), data: Buffer.from([0xff, 0x00]) }],
    ['malformed', tampered((event) => (event['model'] = 'nul\0'))],
    ['malformed', tampered((event) => (event['acceptedAtMs'] = 1e300))],
    ['malformed', tampered((event) => ((event['attempt'] as { usage: object }).usage = { inputTokens: -1 }))],
    ['subject_mismatch', tampered((event) => (event['tenant'] = 'somebody-else'))],
  ])('is parked as %s, as it came, and holds nobody up', async (reason, message) => {
    await recordMessages([eventMessage(jobEvent('job_2')), message, eventMessage(jobEvent('job_3'))]);
    expect(await rowsOf('ledger')).toHaveLength(2);
    expect(await rowsOf('parked_event')).toMatchObject([{ reason, body: message.data }]);
    await recordMessages([message]);
    expect(await rowsOf('parked_event')).toHaveLength(1);
  });

  it('because Postgres refuses its values is found among hundreds and parked', async () => {
    const usage = { inputTokens: Number.MAX_SAFE_INTEGER, outputTokens: 0, source: 'provider' } as const;
    const poison = jobEvent('job_poison', { attempt: attemptRecord('att_poison', { usage }) });
    const events = Array.from({ length: 300 }, (_, i) => jobEvent(`job_${i}`));
    events.splice(137, 0, poison);
    const recorded = await record(...events);
    expect(recorded.ledger).toHaveLength(300);
    expect(recorded.parked).toMatchObject([{ reason: 'refused' }]);
    expect(await retryParked(store, priceOf)).toBe(0);
  });

  it('for want of a price is recorded once there is one, and its outcome at once', async () => {
    const event = jobEvent('job_1', { attempt: attemptRecord('att_1', { deployment: 'new/one' }) });
    await record(event);
    expect(await rowsOf('ledger')).toEqual([]);
    expect(await store.outcome({ tenant: 'acme', job: 'job_1' })).toMatchObject({ state: 'succeeded' });
    expect(await retryParked(store, priceOf)).toBe(0);
    expect(await rowsOf('parked_event')).toMatchObject([{ reason: 'unknown_deployment' }]);

    const prices = new PriceList([{ id: 'new/one', price: { input: 1, output: 1 } }]);
    expect(await retryParked(store, prices.priceOf)).toBe(1);
    expect(await rowsOf('ledger')).toMatchObject([{ attempt_id: 'att_1', cost_pico_usd: '120000000' }]);
    expect(await rowsOf('parked_event')).toEqual([]);
  });

  it('does not keep those parked behind it from being tried, page after page', async () => {
    const hopeless = Array.from({ length: 600 }, () => tampered((event) => (event['version'] = 2)));
    await recordMessages(hopeless);
    await record(jobEvent('job_1', { attempt: attemptRecord('att_1', { deployment: 'new/one' }) }));
    const prices = new PriceList([{ id: 'new/one', price: { input: 1, output: 1 } }]);
    expect(await retryParked(store, prices.priceOf)).toBe(1);
    expect(await rowsOf('parked_event')).toHaveLength(600);
  });
});

describe('usage', () => {
  it('adds up to the rows, by tenant, model and day', async () => {
    const events = Array.from({ length: 400 }, (_, i) => {
      const tenant = `tenant${i % 3}`;
      const large = i % 2 === 0;
      const endedAtMs = DAY + (i % 4) * 8 * 3_600_000;
      const usage = {
        inputTokens: 10 + randomInt(1000),
        outputTokens: 10 + randomInt(1000),
        cachedInputTokens: randomInt(5),
        cacheWriteTokens: randomInt(5),
        reasoningTokens: randomInt(5),
        source: 'provider' as const,
      };
      const attempt = attemptRecord(`att_${i}`, {
        endedAtMs,
        deployment: large ? 'simulator/large' : 'simulator/small',
        ...(i % 5 > 0 && { usage }),
      });
      if (i % 5 === 0) delete (attempt as { usage?: unknown }).usage;
      return jobEvent(`job_${i}`, { tenant, model: large ? 'large' : 'small', atMs: endedAtMs, attempt });
    });
    await record(...events);

    const rows = await store.usage({ fromMs: 0, toMs: DAY + 10 * 86_400_000 });
    const keys = rows.map(({ day, tenant, model }) => `${day} ${tenant} ${model}`);
    expect(keys).toEqual([...new Set(keys)].sort());
    const sum = (pick: (row: (typeof rows)[number]) => number) =>
      rows.reduce((total, row) => total + pick(row), 0);
    const { rows: direct } = await database.query<Record<string, string>>(
      'SELECT sum(input_tokens) AS input, sum(output_tokens) AS output, sum(cached_input_tokens) AS cached, sum(cost_pico_usd) AS cost, count(*) FROM ledger',
    );
    expect(sum(({ jobs }) => jobs)).toBe(400);
    expect(sum(({ attempts }) => attempts)).toBe(400);
    expect(sum(({ chargedAttempts }) => chargedAttempts)).toBe(320);
    expect(String(sum(({ inputTokens }) => inputTokens))).toBe(direct[0]?.['input']);
    expect(String(sum(({ outputTokens }) => outputTokens))).toBe(direct[0]?.['output']);
    expect(String(sum(({ cachedInputTokens }) => cachedInputTokens))).toBe(direct[0]?.['cached']);
    const picoUsd = rows.reduce((total, row) => total + picoUsdOf(row.costUsd), 0n);
    expect(String(picoUsd)).toBe(direct[0]?.['cost']);

    const one = await store.usage({ tenant: 'tenant1', model: 'large', fromMs: DAY, toMs: DAY + 1 });
    const expected = events.filter(
      ({ tenant, model, atMs }) => tenant === 'tenant1' && model === 'large' && atMs === DAY,
    );
    expect(one).toMatchObject([{ day: '2026-11-20', tenant: 'tenant1', jobs: expected.length }]);
  });

  it('says what one small attempt costs to the last digit', async () => {
    const usage = { inputTokens: 1, outputTokens: 0, source: 'provider' } as const;
    await record(jobEvent('job_1', { attempt: attemptRecord('att_1', { usage }) }));
    const rows = await store.usage({ fromMs: DAY, toMs: DAY + 86_400_000 });
    expect(rows.map(({ costUsd }) => costUsd)).toEqual(['0.00000015']);
  });

  function picoUsdOf(costUsd: string): bigint {
    const [whole = '0', fraction = ''] = costUsd.split('.');
    return BigInt(whole + fraction.padEnd(12, '0'));
  }
});

it('prints how fast 10,000 events are recorded', async () => {
  const messages = Array.from({ length: 10_000 }, (_, i) => eventMessage(jobEvent(`job_${i}`)));
  const start = performance.now();
  for (let i = 0; i < messages.length; i += 500) await recordMessages(messages.slice(i, i + 500));
  const ms = performance.now() - start;
  process.stdout.write(`10,000 events in ${ms.toFixed(0)} ms: ${(10_000_000 / ms).toFixed(0)} a second\n`);
  expect(await rowsOf('ledger')).toHaveLength(10_000);
});

import type { JobEvent } from '@penstock/contracts';
import { migrateDatabase, openDatabase, SqlAccountingStore, type Database } from '@penstock/persistence';
import { createDatabase, type TestDatabase } from '@penstock/testing';
import fc from 'fast-check';
import { incomingEvent } from '../../services/accounting/src/events/incoming-event.js';
import { recordEvents } from '../../services/accounting/src/events/record-events.js';
import { PriceList } from '../../services/accounting/src/pricing/price-list.js';
import { attemptRecord, DEPLOYMENTS, eventMessage, jobEvent } from './job-event.js';

/** What a router tells of an attempt whose worker it takes for dead. */
function guessed(id: string): JobEvent {
  const usage = { inputTokens: 7, outputTokens: 0, source: 'estimated' } as const;
  const failure = { reason: 'worker_lost', message: 'died' } as const;
  const { outcome: _, ...event } = jobEvent(`job_${id}`, { attempt: attemptRecord(id, { usage, failure }) });
  return event;
}

function uncharged(id: string): JobEvent {
  const failure = { reason: 'rate_limited', message: 'slow down', status: 429 } as const;
  const { usage: _, ...attempt } = attemptRecord(id, { failure });
  return jobEvent(`job_${id}`, { attempt });
}

const EVENTS = [
  guessed('att_charged'),
  jobEvent('job_att_charged', { attempt: attemptRecord('att_charged') }),
  guessed('att_uncharged'),
  uncharged('att_uncharged'),
  guessed('att_dead'),
];

describe('an attempt that was guessed in its worker’s place', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    testDatabase = await createDatabase();
    await migrateDatabase({ url: testDatabase.url, applicationName: 'test' });
    database = openDatabase({ url: testDatabase.url, applicationName: 'test', poolSize: 4 });
  });
  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  const rows = async (table: string) =>
    (await database.query<object>(`SELECT attempt_id, failure_reason FROM ${table} ORDER BY attempt_id`))
      .rows;

  it('is what its worker tells of it if that lives after all, in whatever order and company the two are told', async () => {
    const store = new SqlAccountingStore(database);
    const { priceOf } = new PriceList(DEPLOYMENTS);
    const told = fc.shuffledSubarray([...EVENTS, ...EVENTS], { minLength: 2 * EVENTS.length });
    await fc.assert(
      fc.asyncProperty(told, fc.integer({ min: 1, max: 5 }), async (events, together) => {
        await database.query('TRUNCATE ledger, uncharged_attempt, job_outcome, parked_event');
        for (let at = 0; at < events.length; at += together) {
          const messages = events.slice(at, at + together).map(eventMessage);
          await recordEvents(store, messages.map(incomingEvent), priceOf);
        }
        expect(await rows('ledger')).toEqual([
          { attempt_id: 'att_charged', failure_reason: null },
          { attempt_id: 'att_dead', failure_reason: 'worker_lost' },
        ]);
        expect(await rows('uncharged_attempt')).toEqual([
          { attempt_id: 'att_uncharged', failure_reason: 'rate_limited' },
        ]);
      }),
      { numRuns: 60 },
    );
  });
});

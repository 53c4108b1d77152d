import { migrateDatabase, openDatabase, SqlAccountingStore, type Database } from '@penstock/persistence';
import { createDatabase, type TestDatabase } from '@penstock/testing';

import { incomingEvents, type EventMessage } from '../../services/accounting/src/events/incoming-event.js';
import { recordEvents } from '../../services/accounting/src/events/record-events.js';
import { PriceList } from '../../services/accounting/src/pricing/price-list.js';
import { attemptRecord, DEPLOYMENTS, jobEvent } from './job-event.js';

let testDatabase: TestDatabase;
let database: Database;
let store: SqlAccountingStore;
const { priceOf } = new PriceList(DEPLOYMENTS);

beforeAll(async () => {
  testDatabase = await createDatabase();
  await migrateDatabase({ url: testDatabase.url, applicationName: 'test' });
  database = openDatabase({ url: testDatabase.url, applicationName: 'test', poolSize: 2 });
  store = new SqlAccountingStore(database);
});

afterEach(() => database.query('TRUNCATE ledger, uncharged_attempt, job_outcome, parked_event'));

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

/** A message that tells of several jobs, as workers send it for lines of a batch. */
const together = (...lines: string[]): EventMessage => ({
  subject: 'events.acme.outcomes',
  sequence: 77,
  data: Buffer.from(lines.join('\n')),
});

async function rowsOf(table: string): Promise<readonly Record<string, unknown>[]> {
  return (await database.query<Record<string, unknown>>(`SELECT * FROM ${table}`)).rows;
}

describe('a message that tells of several jobs', () => {
  const ended = (n: number, tenant = 'acme') =>
    JSON.stringify(
      jobEvent(`batch_1.${n}`, {
        tenant,
        attempt: attemptRecord(`att_${tenant}_${n}`),
        outcome: { state: 'succeeded', attempts: 1 },
      }),
    );
  const recordTogether = (message: EventMessage) => recordEvents(store, incomingEvents(message), priceOf);

  it('becomes the rows of each, however often it comes and in whatever company', async () => {
    await recordTogether(together(ended(1), ended(2), ended(3)));
    await recordTogether(together(ended(2), ended(3), ended(4), ended(4)));
    expect((await rowsOf('ledger')).map(({ attempt_id }) => attempt_id).sort()).toEqual(
      [1, 2, 3, 4].map((n) => `att_acme_${n}`),
    );
    expect(await rowsOf('job_outcome')).toHaveLength(4);
  });

  it('is parked line by line where it cannot be read, and speaks for no other tenant', async () => {
    await recordTogether(together(ended(1), '{"version":', ended(2, 'other'), ended(3)));
    expect(await rowsOf('ledger')).toHaveLength(2);
    const parked = await rowsOf('parked_event');
    expect(parked.map(({ reason, subject }) => [reason, subject]).sort()).toEqual([
      ['malformed', 'events.acme.outcomes.1'],
      ['subject_mismatch', 'events.acme.outcomes.2'],
    ]);
  });
});

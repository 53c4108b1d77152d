import { databaseErrorKind, type AccountingRecords, type AccountingStore } from '@penstock/persistence';

import { eventRecords, type PriceOf } from './event-records.js';
import { incomingEvent } from './incoming-event.js';

const PAGE = 500;

/**
 * Tries every parked event again: after a newer build was started, or the configuration changed, it may be one
 * that can be recorded. Those that still cannot stay parked. Safe to run at any time, in several processes.
 *
 * Returns how many are parked no longer.
 */
export async function retryParked(store: AccountingStore, priceOf: PriceOf): Promise<number> {
  let released = 0;
  let page = await store.parked(PAGE);
  while (page.length > 0) {
    for (const event of page) {
      const { subject, streamSequence: sequence, body: data } = event;
      const records = eventRecords(incomingEvent({ subject, sequence, data }), priceOf);
      if (records.parked.length > 0 || !(await isRecorded(store, records))) continue;
      await store.unpark(event);
      released++;
    }
    page = await store.parked(PAGE, page.at(-1));
  }
  return released;
}

/** False if Postgres refuses the values, as it did before. */
async function isRecorded(store: AccountingStore, records: AccountingRecords): Promise<boolean> {
  try {
    await store.record(records);
    return true;
  } catch (error) {
    if (databaseErrorKind(error) === 'data') return false;
    throw error;
  }
}

import { databaseErrorKind, type AccountingRecords, type AccountingStore } from '@penstock/persistence';

import { eventRecords, parkedAlone, type PriceOf } from './event-records.js';
import type { IncomingEvent } from './incoming-event.js';

/**
 * Turns events into rows, all of them in one transaction. When it resolves, everything is stored and the events
 * may be acknowledged; when it rejects, they may not. Doing it again with the same events changes nothing.
 *
 * Values that Postgres refuses would be refused for ever and hold up all that comes behind them. Then the batch is
 * split in halves until the culprit stands alone, and is parked.
 *
 * Returns what was new.
 */
export async function recordEvents(
  store: AccountingStore,
  messages: readonly IncomingEvent[],
  priceOf: PriceOf,
): Promise<AccountingRecords> {
  try {
    return await store.record(join(messages.map((message) => eventRecords(message, priceOf))));
  } catch (error) {
    if (databaseErrorKind(error) !== 'data') throw error;
    const [first, ...others] = messages;
    if (!first) throw error;
    if (others.length === 0) return store.record(parkedAlone(first, 'refused', (error as Error).message));
    const middle = Math.ceil(messages.length / 2);
    return join([
      await recordEvents(store, messages.slice(0, middle), priceOf),
      await recordEvents(store, messages.slice(middle), priceOf),
    ]);
  }
}

function join(records: readonly AccountingRecords[]): AccountingRecords {
  return {
    ledger: records.flatMap(({ ledger }) => ledger),
    uncharged: records.flatMap(({ uncharged }) => uncharged),
    outcomes: records.flatMap(({ outcomes }) => outcomes),
    parked: records.flatMap(({ parked }) => parked),
  };
}

import type { StreamLog } from '@penstock/messaging';
import type { AccountingStore } from '@penstock/persistence';
import type { Clock } from '@penstock/resilience';
import type { Telemetry } from '@penstock/telemetry';

import { retryParked } from './events/retry-parked.js';
import type { PriceList } from './pricing/price-list.js';
import { trimEvents } from './trimming/trim-events.js';

export interface ChoreParts {
  readonly log: StreamLog;
  /** The consumer whose lag is measured. */
  readonly durable: string;
  readonly store: AccountingStore;
  readonly prices: PriceList;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

const TRIM_EVERY_MS = 15_000;

const MEASURE_LAG_EVERY_MS = 5_000;

/** After how long parked events that could not be tried are tried again. */
const RETRY_PARKED_MS = 5_000;

/**
 * Starts what accounting does on its own account: trimming EVENTS, measuring its lag, and once, as soon as Postgres
 * answers, trying the parked events again. Returns what stops it.
 */
export function startChores({ log, durable, store, prices, clock, telemetry }: ChoreParts): () => void {
  const { logger, metrics } = telemetry;
  const failed = (err: unknown, chore: string) => logger.warn({ err, chore }, 'a chore has to wait');
  let stopped = false;

  const stopTrimming = clock.every(TRIM_EVERY_MS, () => {
    trimEvents(log, clock.nowMs()).then(
      (removed) => removed > 0 && logger.debug({ removed }, 'events trimmed'),
      (err: unknown) => failed(err, 'trim events'),
    );
  });

  let lag = 0;
  const stopMeasuring = clock.every(MEASURE_LAG_EVERY_MS, () => {
    log.unsettledBy(durable).then(
      (count) => (lag = count),
      (err: unknown) => failed(err, 'measure lag'),
    );
  });
  const stopObserving = metrics.eventLag.observe(() => [[lag, { consumer: durable }]]);

  let cancelRetry: () => void = () => undefined;
  const retry = () => {
    retryParked(store, prices.priceOf).then(
      (released) => released > 0 && logger.info({ released }, 'parked events were recorded'),
      (err: unknown) => {
        failed(err, 'retry parked events');
        if (!stopped) cancelRetry = clock.after(RETRY_PARKED_MS, retry);
      },
    );
  };
  retry();

  return () => {
    stopped = true;
    cancelRetry();
    stopTrimming();
    stopMeasuring();
    stopObserving();
  };
}

import type { AccountingRecords } from '@penstock/persistence';
import { endSpan, SPAN, type Telemetry } from '@penstock/telemetry';

import type { IncomingEvent } from './incoming-event.js';

/**
 * Adds what became of a batch of events to the traces of their jobs and to the metrics.
 *
 * @param startedAtMs When the batch was begun: its spans end together, as its rows were committed together.
 */
export function tellOfRecording(
  { tracing, metrics, logger }: Pick<Telemetry, 'tracing' | 'metrics' | 'logger'>,
  messages: readonly IncomingEvent[],
  recorded: AccountingRecords,
  startedAtMs: number,
): void {
  if (tracing.enabled) {
    const costs = new Map(recorded.ledger.map(({ attemptId, costPicoUsd }) => [attemptId, costPicoUsd]));
    for (const message of messages) traceEvent(tracing, message, startedAtMs, costs);
  }
  for (const [deployment, { rows, picoUsd }] of byDeployment(recorded)) {
    metrics.ledgerRows.add(rows, { deployment });
    metrics.cost.add(Number(picoUsd) / 1e6, { deployment });
  }
  for (const { reason, detail, subject, streamSequence } of recorded.parked) {
    logger.error({ reason, detail, subject, streamSequence }, 'an event was parked');
  }
}

function traceEvent(
  tracing: Telemetry['tracing'],
  { read }: IncomingEvent,
  startedAtMs: number,
  costs: ReadonlyMap<string, bigint>,
): void {
  if (read.kind !== 'event') return;
  const { tenant, job, attempt, outcome, traceparent } = read.event;
  const kind = outcome ? 'outcome' : 'attempt';
  const span = tracing.startSpan(
    SPAN.record,
    traceparent,
    { tenant, kind, job, attempt: attempt?.id },
    startedAtMs,
  );
  const picoUsd = attempt && costs.get(attempt.id);
  endSpan(span, picoUsd === undefined ? undefined : { 'penstock.cost.micro_usd': Number(picoUsd) / 1e6 });
}

function byDeployment({ ledger }: AccountingRecords): Map<string, { rows: number; picoUsd: bigint }> {
  const sums = new Map<string, { rows: number; picoUsd: bigint }>();
  for (const { deployment, costPicoUsd } of ledger) {
    const { rows, picoUsd } = sums.get(deployment) ?? { rows: 0, picoUsd: 0n };
    sums.set(deployment, { rows: rows + 1, picoUsd: picoUsd + costPicoUsd });
  }
  return sums;
}

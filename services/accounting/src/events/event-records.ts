import type { AttemptRecord, JobEvent } from '@penstock/contracts';
import type {
  AccountingRecords,
  JobOutcome,
  LedgerEntry,
  ParkedEvent,
  UnchargedAttempt,
} from '@penstock/persistence';

import type { LedgerPrice } from '../pricing/ledger-price.js';
import { priceUsage } from '../pricing/price-usage.js';
import type { IncomingEvent } from './incoming-event.js';
import type { UnreadableReason } from './read-event.js';

/** The price of a deployment now; undefined for one that the configuration does not know. */
export type PriceOf = (deployment: string) => LedgerPrice | undefined;

/**
 * Why an event is parked. `unknown_deployment`: it has usage, and nobody knows the price; it becomes a ledger row
 * when the deployment is back in the configuration. `refused`: Postgres does not take the values.
 */
export type ParkReason = UnreadableReason | 'unknown_deployment' | 'refused';

/** What one event comes to. Pure: the same event and prices give the same rows. */
export function eventRecords(message: IncomingEvent, priceOf: PriceOf): AccountingRecords {
  const { read } = message;
  if (read.kind === 'unreadable') return parkedAlone(message, read.reason, read.detail);
  const { event } = read;
  const job = ofJob(event);
  const outcomes = event.outcome ? [jobOutcome(event, job, event.outcome)] : [];
  const { attempt } = event;
  if (!attempt) return { ...NOTHING, outcomes };
  if (!attempt.usage) return { ...NOTHING, outcomes, uncharged: [unchargedAttempt(job, attempt)] };
  const price = priceOf(attempt.deployment);
  if (!price) {
    const detail = `The configuration has no price for deployment ${attempt.deployment}.`;
    return { ...NOTHING, outcomes, parked: [parkedEvent(message, 'unknown_deployment', detail)] };
  }
  return { ...NOTHING, outcomes, ledger: [ledgerEntry(event, job, attempt, attempt.usage, price)] };
}

/** The records of an event of which nothing else can be kept. */
export function parkedAlone(message: IncomingEvent, reason: ParkReason, detail: string): AccountingRecords {
  return { ...NOTHING, parked: [parkedEvent(message, reason, detail)] };
}

const NOTHING: AccountingRecords = { ledger: [], uncharged: [], outcomes: [], parked: [] };

function parkedEvent(message: IncomingEvent, reason: ParkReason, detail: string): ParkedEvent {
  return {
    streamSequence: message.sequence,
    subject: message.subject,
    reason,
    detail,
    body: Buffer.from(message.data),
  };
}

function ledgerEntry(
  event: JobEvent,
  job: JobColumns,
  attempt: AttemptRecord,
  usage: NonNullable<AttemptRecord['usage']>,
  price: LedgerPrice,
): LedgerEntry {
  return {
    ...unchargedAttempt(job, attempt),
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    cachedInputTokens: usage.cachedInputTokens ?? 0,
    cacheWriteTokens: usage.cacheWriteTokens ?? 0,
    reasoningTokens: usage.reasoningTokens ?? 0,
    usageSource: usage.source,
    inputPrice: price.input,
    outputPrice: price.output,
    cachedInputPrice: price.cachedInput,
    cacheWritePrice: price.cacheWrite,
    costPicoUsd: priceUsage(usage, price),
    endUser: event.labels?.user ?? null,
    metadata: event.labels?.metadata === undefined ? null : JSON.stringify(event.labels.metadata),
  };
}

function unchargedAttempt(job: JobColumns, attempt: AttemptRecord): UnchargedAttempt {
  return {
    attemptId: attempt.id,
    attemptNumber: attempt.number,
    ...job,
    ...(attempt.model !== undefined && { model: attempt.model }),
    deployment: attempt.deployment,
    provider: attempt.provider,
    upstreamModel: attempt.upstreamModel,
    upstreamId: attempt.upstreamId ?? null,
    worker: attempt.worker,
    startedAt: new Date(attempt.startedAtMs),
    firstByteAt: attempt.firstByteAtMs === undefined ? null : new Date(attempt.firstByteAtMs),
    endedAt: new Date(attempt.endedAtMs),
    failureReason: attempt.failure?.reason ?? null,
    failureStatus: attempt.failure?.status ?? null,
  };
}

function jobOutcome(event: JobEvent, job: JobColumns, outcome: NonNullable<JobEvent['outcome']>): JobOutcome {
  return {
    ...job,
    state: outcome.state,
    attempts: outcome.attempts,
    errorCode: outcome.errorCode ?? null,
    acceptedAt: new Date(event.acceptedAtMs),
    endedAt: new Date(event.atMs),
  };
}

type JobColumns = ReturnType<typeof ofJob>;

/** What the rows of an event have in common. */
function ofJob(event: JobEvent) {
  return {
    tenant: event.tenant,
    job: event.job,
    class: event.class,
    origin: event.origin,
    api: event.api,
    model: event.model,
    keyName: event.keyName ?? null,
    traceId: traceId(event.traceparent),
  };
}

/** The second field of a W3C traceparent. */
function traceId(traceparent: string | undefined): string | null {
  return (traceparent && /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(traceparent)?.[1]) || null;
}

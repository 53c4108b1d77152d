import type { AttemptRecord, JobEvent } from '@penstock/contracts';

import type { EventMessage } from '../../services/accounting/src/events/incoming-event.js';

/** The prices that the events of these suites are made at, in dollars per million tokens. */
export const DEPLOYMENTS = [
  { id: 'simulator/small', price: { input: 0.15, output: 0.6, cachedInput: 0.075 } },
  { id: 'simulator/large', price: { input: 3, output: 15 } },
];

/** An attempt with usage that succeeded, but for what `more` says. */
export function attemptRecord(id: string, more: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    id,
    number: 1,
    deployment: 'simulator/small',
    provider: 'simulator',
    upstreamModel: 'sim-small',
    worker: 'worker_1',
    startedAtMs: DAY + 1_000,
    firstByteAtMs: DAY + 1_100,
    endedAtMs: DAY + 1_500,
    usage: { inputTokens: 100, outputTokens: 20, source: 'provider' },
    ...more,
  };
}

/** The event of a job that ended with its first attempt, but for what `more` says. */
export function jobEvent(job: string, more: Partial<JobEvent> = {}): JobEvent {
  return {
    version: 1,
    job,
    tenant: 'acme',
    class: 'standard',
    origin: 'http',
    api: 'openai.chat',
    model: 'small',
    keyName: 'default',
    acceptedAtMs: DAY,
    atMs: DAY + 1_600,
    attempt: attemptRecord(`att_${job}`),
    outcome: { state: 'succeeded', attempts: 1 },
    ...more,
  };
}

/** Noon of some day. */
export const DAY = Date.UTC(2026, 10, 20, 12);

let sequence = 0;

/** The event as it lies in EVENTS. Each call gives it a sequence of its own, as telling it again would. */
export function eventMessage(event: JobEvent): EventMessage {
  return {
    subject: `events.${event.tenant}.${event.outcome ? 'outcome' : 'attempt'}.${event.job}`,
    sequence: ++sequence,
    data: Buffer.from(JSON.stringify(event)),
  };
}

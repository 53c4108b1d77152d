import type { AttemptRecord, FailureReason, Job } from '@penstock/contracts';

/** A job for specs: complete, and dull but for what is given. */
export function makeJob(more: Partial<Job> = {}): Job {
  return {
    id: 'job_1',
    tenant: 'acme',
    class: 'standard',
    origin: 'subject',
    api: 'openai.chat',
    model: 'small',
    stream: false,
    estimatedInputTokens: 100,
    estimatedOutputTokens: 100,
    acceptedAtMs: 0,
    keepResult: false,
    attempts: [],
    ...more,
  };
}

export function makeAttempt(
  number: number,
  deployment: string,
  reason: FailureReason,
  more: Partial<AttemptRecord> = {},
): AttemptRecord {
  return {
    id: `attempt_${number}`,
    number,
    deployment,
    provider: 'simulator',
    upstreamModel: 'sim-small',
    worker: 'worker_1',
    startedAtMs: 0,
    endedAtMs: 0,
    failure: { reason, message: reason },
    ...more,
  };
}

import type { AttemptRecord, Failure, JobEvent } from '@penstock/contracts';
import { tell, type JobDelivery } from '@penstock/messaging';
import type { SentDispatch } from '../dispatch/dispatched-jobs.js';
import type { RouterParts } from '../dispatch/router-parts.js';
import { takeReturned } from './take-returned.js';

const LOST: Failure = { reason: 'worker_lost', message: 'The worker that ran it died.' };

/**
 * Takes a job back whose worker died with it. The attempt goes on record, estimated by what was asked, because its
 * provider may charge for it and nobody heard how much; then it counts as any that failed. So a job that kills its
 * workers becomes a dead letter instead of killing them for ever.
 */
export async function takeLost(parts: RouterParts, lost: SentDispatch, delivery: JobDelivery): Promise<void> {
  const { job, worker } = lost;
  const deployment = parts.models.deployment(lost.deployment);
  const nowMs = parts.clock.nowMs();
  const attempt: AttemptRecord = {
    id: lost.attemptId,
    number: job.attempts.length + 1,
    deployment: lost.deployment,
    provider: deployment?.provider ?? 'unknown',
    upstreamModel: deployment?.upstreamModel ?? 'unknown',
    worker,
    startedAtMs: lost.dispatchedAtMs,
    endedAtMs: nowMs,
    usage: { inputTokens: job.estimatedInputTokens, outputTokens: 0, source: 'estimated' },
    failure: { reason: LOST.reason, message: LOST.message },
  };
  const event: JobEvent = {
    version: 1,
    job: job.id,
    tenant: job.tenant,
    class: job.class,
    origin: job.origin,
    api: job.api,
    model: job.model,
    acceptedAtMs: job.acceptedAtMs,
    atMs: nowMs,
    attempt,
    ...(job.keyName !== undefined && { keyName: job.keyName }),
    ...(job.preset !== undefined && { preset: job.preset }),
    ...(job.traceparent !== undefined && { traceparent: job.traceparent }),
  };
  // Not told: the lease is left to run out, and the job comes again.
  if (!(await tell(parts.connection, parts.clock, event))) return parts.leases.release(delivery.ackSubject);
  const dispatch = {
    ...lost,
    job: { ...job, attempts: [...job.attempts, attempt] },
    body: delivery.body,
    ackSubject: delivery.ackSubject,
    deliveries: delivery.deliveries,
    suspect: true,
  };
  await takeReturned(parts, { dispatch, failure: LOST, attempted: true });
}

import { eventOf, hedgeId, type AttemptRecord, type Failure, type Job } from '@penstock/contracts';
import { tell, type JobDelivery } from '@penstock/messaging';
import type { LostAttempt } from '../dispatch/dispatched-jobs.js';
import type { RouterParts } from '../dispatch/router-parts.js';
import { takeReturned } from './take-returned.js';

const LOST: Failure = { reason: 'worker_lost', message: 'The worker that ran it died.' };

/**
 * Takes a job back whose worker died with it. The attempt goes on record, estimated by what was asked, because its
 * provider may charge for it and nobody heard how much; then it counts as any that failed, and so does one that the
 * worker had sent beside it. So a job that kills its workers becomes a dead letter instead of killing them for ever.
 */
export async function takeLost(
  parts: RouterParts,
  lost: LostAttempt,
  job: Job,
  delivery: JobDelivery,
): Promise<void> {
  const { attemptId, deployment, history, hedgedOn } = lost;
  const number = history.length + 1;
  const attempts = [lostAttempt(parts, job, lost, deployment, { id: attemptId, number })];
  if (hedgedOn !== undefined) {
    const hedge = { id: hedgeId(attemptId), number: number + 1, hedges: attemptId };
    attempts.push(lostAttempt(parts, job, lost, hedgedOn, hedge));
  }
  for (const attempt of attempts) {
    // Not told: the lease is left to run out, and the job comes again.
    if (!(await tell(parts.connection, parts.clock, { ...eventOf(job, attempt.endedAtMs), attempt })))
      return parts.leases.release(delivery.ackSubject);
  }
  const dispatch = {
    attemptId,
    deployment,
    job: { ...job, attempts: [...history, ...attempts] },
    body: delivery.body,
    ackSubject: delivery.ackSubject,
    deliveries: delivery.deliveries,
    suspect: true,
  };
  await takeReturned(parts, { dispatch, failure: LOST, attempted: true });
}

function lostAttempt(
  { models, clock }: RouterParts,
  job: Job,
  { worker, dispatchedAtMs }: LostAttempt,
  id: string,
  known: Pick<AttemptRecord, 'id' | 'number' | 'hedges'>,
): AttemptRecord {
  const deployment = models.deployment(id);
  return {
    ...known,
    deployment: id,
    provider: deployment?.provider ?? 'unknown',
    upstreamModel: deployment?.upstreamModel ?? 'unknown',
    worker,
    startedAtMs: dispatchedAtMs,
    endedAtMs: clock.nowMs(),
    usage: { inputTokens: job.estimatedInputTokens, outputTokens: 0, source: 'estimated' },
    failure: { reason: LOST.reason, message: LOST.message },
  };
}

import {
  HEADER,
  refusal,
  SUBJECT,
  type ErrorCode,
  type AttemptRecord,
  type DeadLetterReason,
  type Job,
} from '@penstock/contracts';
import { publishDurably, encodeJob, type Returned } from '@penstock/messaging';
import { decideNext, type NextStep, type RetryCandidate } from '@penstock/scheduling';
import { dispatchJobs, processSpan } from '../dispatch/dispatch-jobs.js';
import type { HeldJob } from '../dispatch/held-job.js';
import type { RouterParts } from '../dispatch/router-parts.js';
import { endHeldJob } from '../outcome/end-held-job.js';
import { delayJob } from './delay-job.js';

/** Takes a job and its lease back from a worker, and does with it what the retry policy says. */
export async function takeReturned(parts: RouterParts, returned: Returned): Promise<void> {
  const { dispatch, failure } = returned;
  parts.leases.hold(dispatch.ackSubject, dispatch.job.class);
  if (!returned.attempted)
    return requeue(parts, returned, dispatch.job, parts.models.candidates(dispatch.job.model));

  const step = decideNext({
    job: dispatch.job,
    failure,
    answerBegun: false,
    candidates: candidates(parts, dispatch.job),
    nowMs: parts.clock.nowMs(),
    random: parts.random,
  });
  await carryOut(parts, returned, withForgiveness(dispatch.job, step.forgiven), step);
}

async function carryOut(parts: RouterParts, returned: Returned, job: Job, step: NextStep): Promise<void> {
  const { ackSubject } = returned.dispatch;
  switch (step.kind) {
    case 'retry':
      for (const deployment of step.runsOn.slice(0, 1)) parts.budget(deployment).tryRetry();
      return requeue(parts, returned, job, step.runsOn);
    case 'wait':
      if (step.hold === 'lease') {
        parts.clock.after(step.delayMs, () => requeue(parts, returned, job, step.runsOn));
        return;
      }
      return delayJob(parts, { ...returned.dispatch, job }, step.delayMs);
    case 'expire':
      return endHeldJob(parts, { job, ackSubject }, 'expired', refusal('deadline_exceeded'));
    case 'fail':
      return endHeldJob(
        parts,
        { job, ackSubject },
        'failed',
        refusal(step.code, step.retryAfterMs === undefined ? {} : { retryAfterMs: step.retryAfterMs }),
      );
    case 'dead_letter':
      return deadLetter(parts, returned, job, step.code);
  }
}

/** Back into this router's queue, under the lease it has. */
function requeue(parts: RouterParts, { dispatch }: Returned, job: Job, runsOn: readonly string[]): void {
  if (parts.cancelled.take(job.tenant, job.id)) {
    return endHeldJob(
      parts,
      { job, ackSubject: dispatch.ackSubject },
      'cancelled',
      refusal('client_closed_request'),
    );
  }
  const bare = {
    job,
    body: dispatch.body,
    ackSubject: dispatch.ackSubject,
    deliveries: dispatch.deliveries,
    suspect: dispatch.suspect,
    heldSinceMs: parts.clock.nowMs(),
    cost: parts.models.estimatedCost(job.model, job.estimatedInputTokens, job.estimatedOutputTokens),
    runsOn,
  };
  const held: HeldJob = { ...bare, span: processSpan(parts, bare) };
  parts.tender().taken(job);
  if (!parts.queue.offer(held)) parts.tender().released(job);
  dispatchJobs(parts);
}

/** Sets the job aside for a person: stored there first, then ended. The body goes along, to be sent again. */
async function deadLetter(
  parts: RouterParts,
  { dispatch }: Returned,
  job: Job,
  code: ErrorCode,
): Promise<void> {
  const why = refusal(code);
  const reason: DeadLetterReason = {
    code: why.code,
    message: why.message,
    atMs: parts.clock.nowMs(),
    history: job.attempts,
  };
  const headers = encodeJob(job);
  headers.set(HEADER.reason, JSON.stringify(reason));
  const stored = await publishDurably(parts.connection, SUBJECT.deadLetter(job), dispatch.body, {
    headers,
    messageId: `dead.${job.tenant}.${job.id}`,
  });
  // Not stored: the lease is left to run out, and the job comes again.
  if (stored.kind !== 'stored' && stored.kind !== 'duplicate')
    return parts.leases.release(dispatch.ackSubject);
  endHeldJob(parts, { job, ackSubject: dispatch.ackSubject }, 'dead_lettered', why);
}

function candidates(parts: RouterParts, job: Job): RetryCandidate[] {
  return parts.models.candidates(job.model).map((deployment) => ({
    deployment,
    model: job.model,
    breaker: parts.credits.breaker(deployment),
    closedUntilMs: parts.credits.closedUntilMs(deployment),
    withinRetryBudget: parts.budget(deployment).remaining() > 0,
  }));
}

function withForgiveness(job: Job, forgiven: boolean): Job {
  const last = job.attempts.at(-1);
  if (!forgiven || !last) return job;
  const kept: AttemptRecord = { ...last, forgiven: true };
  return { ...job, attempts: [...job.attempts.slice(0, -1), kept] };
}

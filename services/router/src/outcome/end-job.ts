import { eventOf, type Job, type JobEvent, type OutcomeState, type Refusal } from '@penstock/contracts';
import { renderError } from '@penstock/dialects';
import { settleJob, type Answer, type Connection, type Settled } from '@penstock/messaging';
import type { Clock } from '@penstock/resilience';

/** Ends a job that no worker holds: refused, expired, cancelled, or out of attempts. */
export function endJob(
  parts: { readonly connection: Connection; readonly clock: Clock },
  held: { readonly job: Job; readonly ackSubject: string; readonly suspect?: boolean },
  outcome: OutcomeState,
  why: Refusal,
): Promise<Settled> {
  const { job, ackSubject, suspect = false } = held;
  const rendered = renderError(job.api, why, job.id);
  const answer: Answer = {
    outcome,
    status: rendered.status,
    contentType: rendered.contentType,
    body: rendered.body,
    errorCode: why.code,
    ...(why.retryAfterMs !== undefined && { retryAfterMs: why.retryAfterMs }),
  };
  const event: JobEvent = {
    ...eventOf(job, parts.clock.nowMs()),
    ...(job.attempts.length > 0 && { history: job.attempts }),
    outcome: { state: outcome, attempts: job.attempts.length, errorCode: why.code },
  };
  return settleJob(parts.connection, parts.clock, {
    ...{ job, ackSubject, answer, event, suspect },
    frameSequence: 0,
  });
}

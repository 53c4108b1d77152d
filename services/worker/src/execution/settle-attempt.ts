import {
  eventOf,
  refusal,
  type AttemptRecord,
  type Job,
  type JobEvent,
  type OutcomeState,
  type Refusal,
} from '@penstock/contracts';
import { renderError } from '@penstock/dialects';
import {
  sendReturned,
  settleJob,
  tell,
  type Answer,
  type Connection,
  type Dispatch,
  type Settled,
} from '@penstock/messaging';
import type { Clock } from '@penstock/resilience';
import type { AttemptResult } from './attempt-result.js';

/** What was done with a job whose attempt ended here. */
export type Handed = Settled | 'returned';

interface Parts {
  readonly connection: Connection;
  readonly clock: Clock;
  /** Of the span that what is told about the job hangs on. */
  readonly traceparent: string | undefined;
}

/** Ends the job by its outcome, or hands it and its lease back to the router. */
export async function settleAttempt(
  parts: Parts,
  dispatch: Dispatch,
  result: AttemptResult,
): Promise<Handed> {
  switch (result.kind) {
    case 'answered':
      return settle(parts, dispatch, result.answer, result.attempt, result.frames);
    case 'cancelled':
      return settle(
        parts,
        dispatch,
        errorAnswer(dispatch, 'cancelled', refusal('client_closed_request')),
        result.attempt,
        result.frames,
      );
    case 'expired':
      return settle(
        parts,
        dispatch,
        errorAnswer(dispatch, 'expired', refusal('deadline_exceeded')),
        result.attempt,
        result.frames,
      );
    case 'interrupted':
      return settle(
        parts,
        dispatch,
        errorAnswer(dispatch, 'failed', refusal('stream_interrupted')),
        result.attempt,
        result.frames,
      );
    case 'retryable':
      // The attempt is on record before anybody can make another one of the same job.
      if (!(await record(parts, dispatch.job, result.attempt))) return 'not_stored';
      sendReturned(parts.connection, { dispatch, failure: result.failure, attempted: true }, result.attempt);
      return 'returned';
    case 'not_attempted':
      sendReturned(parts.connection, { dispatch, failure: result.failure, attempted: false }, undefined);
      return 'returned';
  }
}

function settle(
  parts: Parts,
  dispatch: Dispatch,
  answer: Answer,
  attempt: AttemptRecord,
  frames: number,
): Promise<Settled> {
  const { job, ackSubject, suspect } = dispatch;
  const event: JobEvent = {
    ...tellsOf(parts, job, attempt),
    ...(job.attempts.length > 0 && { history: job.attempts }),
    outcome: {
      state: answer.outcome,
      attempts: job.attempts.length + 1,
      ...(answer.errorCode !== undefined && { errorCode: answer.errorCode }),
    },
  };
  return settleJob(parts.connection, parts.clock, {
    ...{ job, ackSubject, answer, event, suspect },
    frameSequence: frames,
  });
}

/** Puts an attempt on record that another one was made beside. False if the server stayed away for too long. */
export function tellAttempt(
  { connection, clock }: Omit<Parts, 'traceparent'>,
  { job }: Dispatch,
  attempt: AttemptRecord,
): Promise<boolean> {
  return record({ connection, clock, traceparent: job.traceparent }, job, attempt);
}

function record(parts: Parts, job: Job, attempt: AttemptRecord): Promise<boolean> {
  return tell(parts.connection, parts.clock, tellsOf(parts, job, attempt));
}

function errorAnswer({ job }: Dispatch, outcome: OutcomeState, why: Refusal): Answer {
  const { status, contentType, body } = renderError(job.api, why, job.id);
  return { outcome, status, contentType, body, errorCode: why.code };
}

function tellsOf({ clock, traceparent }: Parts, job: Job, attempt: AttemptRecord): JobEvent {
  return { ...eventOf(job, clock.nowMs()), attempt, ...(traceparent !== undefined && { traceparent }) };
}

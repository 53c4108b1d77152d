import { SUBJECT, type Job, type JobEvent } from '@penstock/contracts';
import type { Clock } from '@penstock/resilience';
import { sendOutcome, type Answer } from './answer.js';
import { discardBody } from './claim-check.js';
import type { Connection } from './connection.js';
import { eventMessageId } from './event-message-id.js';
import { keepResult, type Kept } from './keep-result.js';
import { lease } from './lease.js';
import { isAnswered, publishDurably } from './publish-durably.js';
import { untilDone } from './until-done.js';

export interface Settlement {
  readonly job: Job;
  /** Absent when whoever ends the job does not hold its lease. */
  readonly ackSubject?: string;
  readonly answer: Answer;
  /** Tells of the outcome, and of the attempt that led to it. */
  readonly event: JobEvent;
  /** The number of the last frame of this answer. */
  readonly frameSequence: number;
  /** Whether somebody else may have run the job at the same time. Default false. */
  readonly suspect?: boolean;
}

/**
 * - `settled`: this outcome is the job's outcome.
 * - `already_settled`: another one stands; ours was dropped, our attempt was still recorded.
 * - `not_stored`: the server took neither; the lease is left to run out, so that the job comes again.
 */
export type Settled = 'settled' | 'already_settled' | 'not_stored';

const NOTHING = new Uint8Array();

/**
 * Ends a job. In this order, each step stored before the next begins:
 *
 * 1. the result, where one is kept: the first is the outcome;
 * 2. the event, under the attempt's id, so that the attempt is paid for exactly once;
 * 3. the last frame to who waits;
 * 4. the lease.
 *
 * Killed after any of them, the job is delivered again, and `findOutcome` tells the next holder where to go on.
 */
export async function settleJob(
  connection: Connection,
  clock: Clock,
  settlement: Settlement,
): Promise<Settled> {
  const { job, event } = settlement;
  const text = JSON.stringify(event);
  const kept = job.keepResult
    ? await keepResult(connection, clock, { ...settlement, text, hurried: isAwaited(job) })
    : 'kept';
  if (kept === 'not_kept') return 'not_stored';
  const told =
    kept === 'kept'
      ? await publishEvent(connection, clock, event, text, !isAwaited(job) && job.keepResult)
      : await tell(connection, clock, withoutOutcome(event));
  if (!told) return 'not_stored';
  return finish(connection, settlement, kept);
}

/** When result and event are stored: the last frame, and the lease. */
async function finish(
  connection: Connection,
  { job, answer, event, ackSubject, frameSequence }: Settlement,
  kept: Exclude<Kept, 'not_kept'>,
): Promise<Settled> {
  if (kept === 'kept' && job.replySubject !== undefined) {
    const address = { replySubject: job.replySubject, job: job.id, attempt: event.attempt?.id ?? '' };
    // What was streamed is kept in one piece, and need not be sent in one piece as well.
    const streamed = frameSequence > 0 && answer.outcome === 'succeeded';
    sendOutcome(
      connection,
      address,
      frameSequence,
      streamed ? { ...answer, body: NOTHING } : answer,
      job.explain && event,
    );
  }
  if (ackSubject !== undefined) lease.settle(connection, ackSubject);
  // A dead letter may be sent again.
  if (job.claimCheck !== undefined && answer.outcome !== 'dead_lettered') await discardBody(connection, job);
  return kept === 'kept' ? 'settled' : 'already_settled';
}

/** The lines of a batch are awaited together: the end of one may go with those of others. */
export function isAwaited({ class: priorityClass, replySubject }: Job): boolean {
  return priorityClass !== 'batch' || replySubject !== undefined;
}

/** Publishes an event until it is stored. False if the server stayed away for too long. */
export async function tell(connection: Connection, clock: Clock, event: JobEvent): Promise<boolean> {
  return publishEvent(connection, clock, event, JSON.stringify(event));
}

async function publishEvent(
  connection: Connection,
  clock: Clock,
  event: JobEvent,
  text: string,
  /** In one message with others. Not where the event is all that is left of its job: it is looked up by its subject. */
  together = false,
): Promise<boolean> {
  if (!event.attempt && !event.outcome) return true;
  const kind = event.outcome ? 'outcome' : 'attempt';
  const messageId = eventMessageId(event);
  const subject = SUBJECT.event(event.tenant, kind, event.job);
  const stored = await untilDone(
    clock,
    () =>
      together
        ? connection.events.tell(event.tenant, text)
        : publishDurably(connection, subject, text, { messageId }),
    isAnswered,
  );
  return stored.kind === 'stored' || stored.kind === 'duplicate';
}

function withoutOutcome(event: JobEvent): JobEvent {
  const { outcome: _, ...rest } = event;
  return rest;
}

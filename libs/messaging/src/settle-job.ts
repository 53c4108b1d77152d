import { HEADER, STREAM, SUBJECT, type Job, type JobEvent } from '@penstock/contracts';
import type { Clock } from '@penstock/resilience';
import { encodeResult, sendOutcome, type Answer } from './answer.js';
import { checkInAnswer, discardBody, isCarried, type CheckedInAnswer } from './claim-check.js';
import type { Connection } from './connection.js';
import { lease } from './lease.js';
import { publishDurably, type Publication } from './publish-durably.js';
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
 * 1. the result, where one is kept, and only if none is there yet: this is what makes an outcome the only one;
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
  const { job, answer, event, ackSubject } = settlement;
  let settled: Settled = 'settled';
  const hurried = isAwaited(job);
  const text = JSON.stringify(event);

  if (job.keepResult) {
    const name = { tenant: job.tenant, job: job.id, attempt: event.attempt?.id ?? 'none' };
    const checkedIn: CheckedInAnswer | undefined = isCarried(answer)
      ? { body: answer.body }
      : await untilDone(
          clock,
          () => checkInAnswer(connection, name, answer).catch(() => undefined),
          (stored) => stored !== undefined,
        );
    if (!checkedIn) return 'not_stored';
    const { body, claimCheck } = checkedIn;
    const subject = SUBJECT.result(job.tenant, job.id);
    const messageId = `result.${messageIdOf(event)}`;
    const options = { headers: encodeResult(answer, text, claimCheck), messageId, first: true, hurried };
    const kept = await untilDone(clock, () => publishDurably(connection, subject, body, options), isAnswered);
    if (kept.kind === 'conflict') {
      const standing = await untilDone(
        clock,
        () => resultMessageId(connection, subject).catch(() => undefined),
        (found) => found !== undefined,
      );
      if (standing === undefined) return 'not_stored';
      // Stored by our own first try, whose acknowledgement was lost: the server tells a conflict before a duplicate.
      if (standing !== messageId) settled = 'already_settled';
    } else if (kept.kind !== 'stored' && kept.kind !== 'duplicate') return 'not_stored';
  }

  const told =
    settled === 'settled'
      ? await publishEvent(connection, clock, event, text, !hurried && job.keepResult)
      : await tell(connection, clock, withoutOutcome(event));
  if (!told) return 'not_stored';

  if (settled === 'settled' && job.replySubject !== undefined) {
    const address = { replySubject: job.replySubject, job: job.id, attempt: event.attempt?.id ?? '' };
    // What was streamed is kept in one piece, and need not be sent in one piece as well.
    const streamed = settlement.frameSequence > 0 && answer.outcome === 'succeeded';
    sendOutcome(
      connection,
      address,
      settlement.frameSequence,
      streamed ? { ...answer, body: NOTHING } : answer,
      job.explain && event,
    );
  }
  if (ackSubject !== undefined) lease.settle(connection, ackSubject);
  // A dead letter may be sent again.
  if (job.claimCheck !== undefined && answer.outcome !== 'dead_lettered') await discardBody(connection, job);
  return settled;
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
  const messageId = messageIdOf(event);
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

/** Full is a stream, or a disk, that has to be emptied first: what was done has to be written down then. */
function isAnswered({ kind }: Publication): boolean {
  return kind !== 'unavailable' && kind !== 'full';
}

/** Under which message id the standing result was stored; empty when there is none any more. */
async function resultMessageId({ jsm }: Connection, subject: string): Promise<string> {
  const message = await jsm.direct.getMessage(STREAM.results, { last_by_subj: subject });
  return message?.header.get(HEADER.messageId) ?? '';
}

/**
 * An event is one for each attempt, or for the outcome of a job that ended without one. What is told of an attempt in
 * its dead worker's place must not silence the worker, should it live after all.
 */
function messageIdOf(event: JobEvent): string {
  if (event.attempt?.failure?.reason === 'worker_lost') return `lost.${event.attempt.id}`;
  return event.attempt?.id ?? `outcome.${event.tenant}.${event.job}`;
}

function withoutOutcome(event: JobEvent): JobEvent {
  const { outcome: _, ...rest } = event;
  return rest;
}

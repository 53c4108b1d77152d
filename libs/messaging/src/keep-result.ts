import {
  HEADER,
  parseLineId,
  STREAM,
  SUBJECT,
  type Job,
  type JobEvent,
  type LineId,
} from '@penstock/contracts';
import type { Clock } from '@penstock/resilience';
import { encodeResult, type Answer } from './answer.js';
import { checkInAnswer, isCarried, type CheckedInAnswer } from './claim-check.js';
import type { Connection } from './connection.js';
import { eventMessageId } from './event-message-id.js';
import { findLineResult } from './find-line-result.js';
import { eventIn, type LineResult } from './line-result.js';
import { isAnswered, publishDurably, type Publication } from './publish-durably.js';
import { untilDone } from './until-done.js';

/** How a job ended, to be kept. */
export interface JobResult {
  readonly job: Job;
  readonly answer: Answer;
  /** Stored beside the answer, so that it can be told by whoever finds it. */
  readonly event: JobEvent;
  /** Its JSON. */
  readonly text: string;
  /** Whether somebody waits for it. */
  readonly hurried: boolean;
  /** Whether somebody else may have run the job at the same time. Default false. */
  readonly suspect?: boolean;
}

/**
 * - `kept`: this is the job's outcome.
 * - `other_stands`: another one is; ours was dropped.
 * - `not_kept`: the server stayed away for too long.
 */
export type Kept = 'kept' | 'other_stands' | 'not_kept';

/** Stores the result of a job, if it is the first. */
export async function keepResult(connection: Connection, clock: Clock, result: JobResult): Promise<Kept> {
  const { job, event, answer } = result;
  const name = { tenant: job.tenant, job: job.id, attempt: event.attempt?.id ?? 'none' };
  const checkedIn: CheckedInAnswer | undefined = isCarried(answer)
    ? { body: answer.body }
    : await untilDone(
        clock,
        () => checkInAnswer(connection, name, answer).catch(() => undefined),
        (stored) => stored !== undefined,
      );
  if (!checkedIn) return 'not_kept';
  const line = parseLineId(job.id);
  return line
    ? keepOfLine(connection, clock, result, checkedIn, line)
    : keepAlone(connection, clock, result, checkedIn);
}

/** The server refuses what is not the first: it has a subject to itself. */
async function keepAlone(
  connection: Connection,
  clock: Clock,
  { job, answer, event, text, hurried }: JobResult,
  { body, claimCheck }: CheckedInAnswer,
): Promise<Kept> {
  const subject = SUBJECT.result(job.tenant, job.id);
  const messageId = `result.${eventMessageId(event)}`;
  const options = { headers: encodeResult(answer, text, claimCheck), messageId, first: true, hurried };
  const kept = await untilDone(clock, () => publishDurably(connection, subject, body, options), isAnswered);
  if (kept.kind !== 'conflict') return isStored(kept) ? 'kept' : 'not_kept';
  const standing = await untilDone(
    clock,
    () => resultMessageId(connection, subject).catch(() => undefined),
    (found) => found !== undefined,
  );
  if (standing === undefined) return 'not_kept';
  // Stored by our own first try, whose acknowledgement was lost: the server tells a conflict before a duplicate.
  return standing === messageId ? 'kept' : 'other_stands';
}

/** The first in the stream counts. Which one that is, is looked up where there may be another. */
async function keepOfLine(
  connection: Connection,
  clock: Clock,
  { job, answer, event, text, hurried, suspect }: JobResult,
  { body, claimCheck }: CheckedInAnswer,
  id: LineId,
): Promise<Kept> {
  const usage = event.attempt?.usage;
  const result: LineResult = {
    line: id.line,
    answer: { ...answer, body },
    ...(claimCheck !== undefined && { claimCheck }),
    ...(usage && { usage }),
    event: Buffer.from(text),
  };
  const kept = await untilDone(
    clock,
    () => connection.lineResults.keep(job.tenant, id, result, hurried),
    isAnswered,
  );
  if (kept.kind !== 'conflict' && !isStored(kept)) return 'not_kept';
  if (kept.kind !== 'conflict' && !suspect) return 'kept';
  const standing = await untilDone(
    clock,
    () => findLineResult(connection, job.tenant, id).catch(() => undefined),
    (found) => found !== undefined,
  );
  if (!standing) return 'not_kept';
  return eventMessageId(eventIn(standing)) === eventMessageId(event) ? 'kept' : 'other_stands';
}

function isStored({ kind }: Publication): boolean {
  return kind === 'stored' || kind === 'duplicate';
}

/** Under which message id the standing result was stored; empty when there is none any more. */
async function resultMessageId({ jsm }: Connection, subject: string): Promise<string> {
  const message = await jsm.direct.getMessage(STREAM.results, { last_by_subj: subject });
  return message?.header.get(HEADER.messageId) ?? '';
}

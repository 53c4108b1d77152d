import { HEADER, parseLineId, STREAM, SUBJECT, type JobEvent } from '@penstock/contracts';
import { decodeAnswer, type Answer } from './answer.js';
import { fetchAnswer } from './claim-check.js';
import type { Connection } from './connection.js';
import { findLineResult } from './find-line-result.js';
import { eventIn } from './line-result.js';

/** What is known of a job that may have ended. */
export type FoundOutcome =
  /** The answer lies in RESULTS, with the event that has to have been told. */
  | { readonly kind: 'result'; readonly answer: Answer; readonly event: JobEvent }
  /** Nothing was kept, because somebody was waiting; the outcome was told. */
  | { readonly kind: 'event'; readonly event: JobEvent }
  | { readonly kind: 'none' };

/**
 * Looks a job's outcome up. For the holder of a job that was delivered before, and for callers who ask.
 * Throws when the server does not answer: "unknown" must not be taken for "none".
 */
export async function findOutcome(
  connection: Connection,
  tenant: string,
  job: string,
): Promise<FoundOutcome> {
  const { direct } = connection.jsm;
  const result = await findResult(connection, tenant, job);
  if (result) {
    const { answer, claimCheck, event } = result;
    const body = claimCheck === undefined ? answer.body : await requireAnswer(connection, claimCheck);
    return { kind: 'result', answer: { ...answer, body }, event };
  }
  const event = await direct.getMessage(STREAM.events, {
    last_by_subj: SUBJECT.event(tenant, 'outcome', job),
  });
  return event ? { kind: 'event', event: event.json<JobEvent>() } : { kind: 'none' };
}

interface FoundResult {
  readonly answer: Answer;
  /** Where the answer's body lies, if not in it. */
  readonly claimCheck?: string;
  readonly event: JobEvent;
}

async function findResult(
  connection: Connection,
  tenant: string,
  job: string,
): Promise<FoundResult | undefined> {
  const line = parseLineId(job);
  if (line) {
    const found = await findLineResult(connection, tenant, line);
    return found && { ...found, event: eventIn(found) };
  }
  const { direct } = connection.jsm;
  const result = await direct.getMessage(STREAM.results, { last_by_subj: SUBJECT.result(tenant, job) });
  if (!result) return undefined;
  const { header, data } = result;
  const claimCheck = header.get(HEADER.claimCheck);
  return {
    answer: decodeAnswer(header, data),
    ...(claimCheck !== '' && { claimCheck }),
    event: JSON.parse(header.get(HEADER.event)) as JobEvent,
  };
}

async function requireAnswer(connection: Connection, claimCheck: string): Promise<Uint8Array> {
  const body = await fetchAnswer(connection, claimCheck);
  if (!body) throw new Error('The body of a result is not in the object store.');
  return body;
}

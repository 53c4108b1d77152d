import { HEADER, STREAM, SUBJECT, type HeaderReader, type JobEvent } from '@penstock/contracts';
import { decodeAnswer, type Answer } from './answer.js';
import { fetchAnswer } from './claim-check.js';
import type { Connection } from './connection.js';

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
  const result = await direct.getMessage(STREAM.results, { last_by_subj: SUBJECT.result(tenant, job) });
  if (result) {
    return {
      kind: 'result',
      answer: decodeAnswer(result.header, await requireBody(connection, result.header, result.data)),
      event: JSON.parse(result.header.get(HEADER.event)) as JobEvent,
    };
  }
  const event = await direct.getMessage(STREAM.events, {
    last_by_subj: SUBJECT.event(tenant, 'outcome', job),
  });
  return event ? { kind: 'event', event: event.json<JobEvent>() } : { kind: 'none' };
}

/** The body of a kept result: the message's own, or the one it stands for; undefined when that one is gone. Rejects when the server does not say. */
export async function resultBody(
  connection: Connection,
  h: HeaderReader,
  body: Uint8Array,
): Promise<Uint8Array | undefined> {
  const claimCheck = h.get(HEADER.claimCheck);
  return claimCheck === '' ? body : fetchAnswer(connection, claimCheck);
}

async function requireBody(...result: Parameters<typeof resultBody>): Promise<Uint8Array> {
  const body = await resultBody(...result);
  if (!body) throw new Error('The body of a result is not in the object store.');
  return body;
}

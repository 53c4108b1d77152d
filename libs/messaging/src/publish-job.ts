import { HEADER, SUBJECT, type Job } from '@penstock/contracts';
import { checkInBody, discardBody, needsCheckIn } from './claim-check.js';
import type { Connection } from './connection.js';
import { sealJob } from './job-message.js';
import type { JobSeal } from './job-seal.js';
import { publishDurably, type Publication } from './publish-durably.js';

/** Publishes a job to its lane, under its id, with its body beside it in the object store if that is too long. Never throws. */
export function publishJob(connection: Connection, job: Job, body: Uint8Array): Promise<Publication> {
  if (needsCheckIn(body)) return publishCheckedIn(connection, job, body);
  return storeInLane(connection, job, body, job.id);
}

/** What became of the record of a job that may be run before it is stored. `unneeded`: the job has ended without one. */
export type EarlyPublication = Publication | { readonly kind: 'unneeded' };

/**
 * Publishes a job that may be run before, should this process have room for it; then it is stored when its record is
 * needed. `onStore` is told, at once when a job that runs is about to be stored. Only for a job whose id is new, and
 * which somebody in this process waits for. Never throws.
 */
export async function publishEarly(
  connection: Connection,
  job: Job,
  body: Uint8Array,
  onStore: () => void,
): Promise<EarlyPublication> {
  const holder =
    needsCheckIn(body) || !connection.seals.current ? undefined : connection.early.offer(job, body);
  if (holder === undefined) return publishJob(connection, job, body);
  const store = () => {
    onStore();
    return storeInLane(connection, job, body, job.id, holder);
  };
  // What a stream has passed on cannot be taken back, so it is stored before its first byte.
  const publication = await connection.early.store(job, job.stream, store);
  return publication ?? { kind: 'unneeded' };
}

async function publishCheckedIn(connection: Connection, job: Job, body: Uint8Array): Promise<Publication> {
  const checkedIn = await checkInBody(connection, job, body).catch((error: unknown): Publication => ({
    kind: 'unavailable',
    message: String(error),
  }));
  if ('kind' in checkedIn) return checkedIn;
  const publication = await storeInLane(connection, checkedIn.job, checkedIn.body, job.id);
  // Refused for certain: nobody will come for the body.
  if (publication.kind === 'full') await discardBody(connection, checkedIn.job);
  return publication;
}

/**
 * Stores a job whose body is checked in already, sealed, under the message id given, and with the name of the router that
 * holds it already, if one does. Never throws.
 */
export function storeInLane(
  connection: Connection,
  job: Job,
  body: Uint8Array,
  messageId: string,
  holder?: string,
): Promise<Publication> {
  const store = (seal: JobSeal) => {
    const headers = sealJob(seal, job);
    if (holder !== undefined) headers.set(HEADER.holder, holder);
    return publishDurably(connection, SUBJECT.lane(job), body, { headers, messageId });
  };
  const { current } = connection.seals;
  if (current) return store(current);
  return connection.seals
    .load()
    .then(store, (error: unknown): Publication => ({ kind: 'unavailable', message: String(error) }));
}

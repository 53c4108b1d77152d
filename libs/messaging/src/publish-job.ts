import { HEADER, SUBJECT, type Job } from '@penstock/contracts';
import { checkInBody, discardBody, needsCheckIn } from './claim-check.js';
import type { Connection } from './connection.js';
import { sealJob } from './job-message.js';
import type { JobSeal } from './job-seal.js';
import { publishDurably, type Publication } from './publish-durably.js';

export interface PublishJobOptions {
  /**
   * The job may be run while it is being stored, should this process have room for it; told at once when it is. Only for
   * a job whose answer is not given away before it is stored, and whose id is new.
   */
  readonly onEarly?: () => void;
}

/** Publishes a job to its lane, under its id, with its body beside it in the object store if that is too long. Never throws. */
export function publishJob(
  connection: Connection,
  job: Job,
  body: Uint8Array,
  { onEarly }: PublishJobOptions = {},
): Promise<Publication> {
  if (needsCheckIn(body)) return publishCheckedIn(connection, job, body);
  const holder = onEarly && connection.seals.current ? connection.early.offer(job, body) : undefined;
  if (holder !== undefined) onEarly?.();
  return storeInLane(connection, job, body, job.id, holder);
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

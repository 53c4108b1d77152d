import { SUBJECT, type Job } from '@penstock/contracts';
import { checkInBody, discardBody, needsCheckIn } from './claim-check.js';
import type { Connection } from './connection.js';
import { sealJob } from './job-message.js';
import type { JobSeal } from './job-seal.js';
import { publishDurably, type Publication } from './publish-durably.js';

/** Publishes a job to its lane, under its id, with its body beside it in the object store if that is too long. Never throws. */
export function publishJob(connection: Connection, job: Job, body: Uint8Array): Promise<Publication> {
  return needsCheckIn(body)
    ? publishCheckedIn(connection, job, body)
    : storeInLane(connection, job, body, job.id);
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

/** Stores a job whose body is checked in already, sealed, under the message id given. Never throws. */
export function storeInLane(
  connection: Connection,
  job: Job,
  body: Uint8Array,
  messageId: string,
): Promise<Publication> {
  const store = (seal: JobSeal) =>
    publishDurably(connection, SUBJECT.lane(job), body, { headers: sealJob(seal, job), messageId });
  const { current } = connection.seals;
  if (current) return store(current);
  return connection.seals
    .load()
    .then(store, (error: unknown): Publication => ({ kind: 'unavailable', message: String(error) }));
}

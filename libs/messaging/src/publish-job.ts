import { SUBJECT, type Job } from '@penstock/contracts';
import { checkInBody } from './claim-check.js';
import type { Connection } from './connection.js';
import { encodeJob } from './job-message.js';
import { publishDurably, type Publication } from './publish-durably.js';

/** Publishes a job to its lane, under its id, with its body beside it in the object store if that is too long. Never throws. */
export async function publishJob(connection: Connection, job: Job, body: Uint8Array): Promise<Publication> {
  const checkedIn = await checkInBody(connection, job, body).catch((error: unknown): Publication => ({
    kind: 'unavailable',
    message: String(error),
  }));
  if ('kind' in checkedIn) return checkedIn;
  return publishDurably(connection, SUBJECT.lane(job), checkedIn.body, {
    headers: encodeJob(checkedIn.job),
    messageId: job.id,
  });
}

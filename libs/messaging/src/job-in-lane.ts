import type { Job } from '@penstock/contracts';
import type { Connection } from './connection.js';
import { openJob } from './job-message.js';
import type { StoredMessage } from './stored-message.js';

/** The job that a message of a lane holds, if Penstock stored it there. Rejects when the seal cannot be had. */
export async function jobInLane(
  { seals }: Pick<Connection, 'seals'>,
  stored: StoredMessage | undefined,
): Promise<Job | undefined> {
  if (!stored?.lane) return undefined;
  return openJob(seals.current ?? (await seals.load()), stored.lane, stored.headers);
}

import { STREAM, SUBJECT, type RunningRecord } from '@penstock/contracts';
import type { Connection } from './connection.js';
import { readStored } from './read-stored.js';
import { publishDurably, type Publication } from './publish-durably.js';

/** What a message can carry, with room to spare. Of more the oldest are written down. */
const RECORD_BYTES = 768 * 1024;

/** Writes down what runs at a worker. The newest such message of a subject takes the place of the one before. */
export function writeRunning(
  connection: Connection,
  subject: string,
  records: readonly RunningRecord[],
): Promise<Publication> {
  return publishDurably(connection, subject, JSON.stringify(oldestOf(records)));
}

function oldestOf(records: readonly RunningRecord[]): readonly RunningRecord[] {
  const oldest = records.toSorted((a, b) => a.startedAtMs - b.startedAtMs);
  let bytes = 0;
  const end = oldest.findIndex((record) => (bytes += JSON.stringify(record).length) > RECORD_BYTES);
  return end < 0 ? oldest : oldest.slice(0, end);
}

/**
 * The last that was written down of every worker that lives or died within a day, by worker. Rejects when the server
 * does not say.
 */
export async function readRunning(
  connection: Connection,
): Promise<ReadonlyMap<string, readonly RunningRecord[]>> {
  const found = new Map<string, readonly RunningRecord[]>();
  const query = { multi_last: [SUBJECT.allRunning] };
  for (const message of await readStored(connection, STREAM.running, query)) {
    const [, worker = ''] = message.subject.split('.');
    found.set(worker, [...(found.get(worker) ?? []), ...message.json<readonly RunningRecord[]>()]);
  }
  return found;
}

import { STREAM, SUBJECT, type RunningRecord } from '@penstock/contracts';
import type { Connection } from './connection.js';
import { publishDurably, type Publication } from './publish-durably.js';

/** The newest of a worker's records takes the place of the one before. */
export function writeRunning(
  connection: Connection,
  worker: string,
  records: readonly RunningRecord[],
): Promise<Publication> {
  return publishDurably(connection, SUBJECT.running(worker), JSON.stringify(records));
}

/** The last record of every worker that lives or died within a day, by worker. Rejects when the server does not say. */
export async function readRunning(
  connection: Connection,
): Promise<ReadonlyMap<string, readonly RunningRecord[]>> {
  const found = new Map<string, readonly RunningRecord[]>();
  const messages = await connection.jsm.direct.getLastMessagesFor(STREAM.running, {
    multi_last: [SUBJECT.allRunning],
  });
  for await (const message of messages) {
    const [, worker = ''] = message.subject.split('.');
    found.set(worker, message.json<readonly RunningRecord[]>());
  }
  return found;
}

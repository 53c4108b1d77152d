import type { MsgHdrs } from 'nats';
import type { Connection } from './connection.js';
import type { Publication } from './publish-durably.js';

export interface ScheduledJob {
  /** Where it waits: unique for each job that waits. */
  readonly subject: string;
  /** Where the server publishes it when it is due; in the same stream. */
  readonly target: string;
  readonly dueAtMs: number;
  readonly headers: MsgHdrs;
  readonly body: Uint8Array;
}

/** Stores a job that the server itself will publish again when it is due. An instant in the past is due at once. */
export async function scheduleJob(
  { js }: Pick<Connection, 'js'>,
  scheduled: ScheduledJob,
): Promise<Publication> {
  try {
    const ack = await js.publish(scheduled.subject, scheduled.body, {
      headers: scheduled.headers,
      schedule: { specification: new Date(scheduled.dueAtMs), target: scheduled.target },
    });
    return { kind: 'stored', stream: ack.stream, sequence: ack.seq };
  } catch (error) {
    return { kind: 'unavailable', message: error instanceof Error ? error.message : String(error) };
  }
}

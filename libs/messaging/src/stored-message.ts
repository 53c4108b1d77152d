import { JetStreamApiError, type StoredMsg } from '@nats-io/jetstream';
import {
  HEADER,
  jobStream,
  parseLane,
  PRIORITY_CLASSES,
  STREAM,
  SUBJECT,
  type HeaderMap,
  type Lane,
} from '@penstock/contracts';
import type { Connection } from './connection.js';
import { readStored } from './read-stored.js';

/** A message as it lies in a stream. */
export interface StoredMessage {
  readonly subject: string;
  readonly sequence: number;
  /** The lane it waits in, if it is a job. */
  readonly lane: Lane | undefined;
  readonly headers: HeaderMap;
  readonly body: Uint8Array;
  readonly storedAtMs: number;
}

/** Reads one message of a stream by its sequence. Undefined when it is no longer there. */
export async function storedMessage(
  connection: Connection,
  stream: string,
  sequence: number,
): Promise<StoredMessage | undefined> {
  const message = await connection.jsm.direct.getMessage(stream, { seq: sequence });
  return message === null ? undefined : read(message);
}

/** The record of a job that waits for its retry, if it is one that does. */
export async function delayedMessage(
  connection: Connection,
  tenant: string,
  job: string,
): Promise<StoredMessage | undefined> {
  for (const priorityClass of PRIORITY_CLASSES) {
    const lane = { class: priorityClass, tenant };
    const subject = SUBJECT.delayedWait(lane, job);
    const message = await connection.jsm.streams
      .getMessage(STREAM.delayed, { last_by_subj: subject })
      .catch(() => null);
    if (message) return { ...read(message), lane };
  }
  return undefined;
}

/** Read from a lane in one go. */
const LANE_BATCH = 250;

/**
 * The message ids of the jobs that came into a lane between two instants and are there still, waiting or under lease.
 * The second is where reading stops; ids of a few later ones may be among them.
 */
export async function laneMessageIds(
  connection: Connection,
  lane: Lane,
  sinceMs: number,
  untilMs = Infinity,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const query = { batch: LANE_BATCH, next_by_subj: SUBJECT.lane(lane) };
  let from: { start_time: Date } | { seq: number } = { start_time: new Date(sinceMs) };
  for (;;) {
    const messages = await readStored(connection, jobStream(lane.class), { ...query, ...from });
    for (const { header } of messages) ids.add(header.get(HEADER.messageId));
    const last = messages.at(-1);
    if (!last || last.time.getTime() > untilMs) return ids;
    from = { seq: last.seq + 1 };
  }
}

const MESSAGE_NOT_FOUND = [10037, 10043, 10057];

/** Takes one message out of a stream. False when it was gone already. */
export async function deleteStoredMessage(
  connection: Connection,
  stream: string,
  sequence: number,
): Promise<boolean> {
  try {
    return await connection.jsm.streams.deleteMessage(stream, sequence, false);
  } catch (error) {
    if (error instanceof JetStreamApiError && MESSAGE_NOT_FOUND.includes(error.code)) return false;
    throw error;
  }
}

/** How many jobs a lane holds, waiting or under lease. */
export async function laneDepth(connection: Connection, lane: Lane): Promise<number> {
  const subject = SUBJECT.lane(lane);
  const info = await connection.jsm.streams.info(jobStream(lane.class), { subjects_filter: subject });
  return info.state.subjects?.[subject] ?? 0;
}

/** Reads up to `count` messages of a subject (wildcards allowed) in order, from behind sequence `after` on. */
export async function storedMessages(
  connection: Connection,
  stream: string,
  subject: string,
  after: number,
  count: number,
): Promise<StoredMessage[]> {
  const query = { seq: after + 1, next_by_subj: subject, batch: count };
  const messages = await readStored(connection, stream, query);
  return messages.map(read);
}

function read(message: StoredMsg): StoredMessage {
  return {
    subject: message.subject,
    sequence: message.seq,
    lane: parseLane(message.subject),
    headers: message.header,
    body: message.data,
    storedAtMs: message.time.getTime(),
  };
}

import { JetStreamApiError, type StoredMsg, type StreamInfo } from '@nats-io/jetstream';
import { HEADER } from '@penstock/contracts';
import { headers as makeHeaders, type MsgHdrs } from 'nats';
import type { Connection } from './connection.js';
import { idByPlace } from './job-message.js';
import { publishDurably } from './publish-durably.js';
import { readStored } from './read-stored.js';
import { deleteStoredMessage } from './stored-message.js';

/**
 * Where earlier builds kept lanes. Those streams are work queues, which no server changes into anything else, and they
 * have their subjects: a stream of that name with others is somebody else's.
 */
const RETIRED: readonly { readonly name: string; readonly subjects: readonly string[] }[] = [
  { name: 'JOBS_INTERACTIVE', subjects: ['jobs.interactive.*'] },
  { name: 'JOBS', subjects: ['jobs.standard.*', 'jobs.batch.*'] },
];

/** The subject of a stream that takes nothing any more; it must have one. */
const withdrawn = (name: string) => `retired.${name}`;

/** Carried in one go: bodies of up to 1 MiB are in memory meanwhile. */
const CARRIED_AT_ONCE = 64;

const STREAM_NOT_FOUND = 10059;

/**
 * Takes the lanes' subjects from the streams that earlier builds kept lanes in, so that those of this build can have
 * them. Gives the names of the streams that are there. Safe to call at any time from any number of processes.
 */
export async function withdrawRetired(connection: Connection): Promise<string[]> {
  const found: string[] = [];
  for (const { name, subjects } of RETIRED) {
    const config = (await infoOf(connection, name))?.config;
    const has = config?.subjects ?? [];
    const isOurs = has.length > 0 && has.every((one) => one === withdrawn(name) || subjects.includes(one));
    if (!config || !isOurs) continue;
    found.push(name);
    if (has.includes(withdrawn(name))) continue;
    // Its bell rang for lanes.
    const { republish: _, ...rest } = config;
    await connection.jsm.streams.update(name, { ...rest, subjects: [withdrawn(name)] });
  }
  return found;
}

/**
 * Carries the jobs of a retired stream to the lanes they were in, in their order, and removes the stream when it is
 * empty. Gives how many had to stay because their lane is full or the server would not store them.
 *
 * Killed at any point it may be called again, and several processes may do it at once: a job is taken out of the old
 * stream only when the new one has it, and the new one drops a second copy by its message id.
 */
export async function carryRetired(connection: Connection, name: string): Promise<number> {
  let left = 0;
  for (let from = 1; ;) {
    const messages = await messagesFrom(connection, name, from);
    const last = messages.at(-1);
    if (!last) break;
    const carried = await Promise.all(messages.map((message) => carry(connection, name, message)));
    left += carried.filter((done) => !done).length;
    from = last.seq + 1;
  }
  const info = await infoOf(connection, name);
  if (!info) return 0;
  if (info.state.messages > 0) return Math.max(left, info.state.messages);
  await connection.jsm.streams.delete(name).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
  return 0;
}

async function messagesFrom(
  connection: Connection,
  name: string,
  seq: number,
): Promise<readonly StoredMsg[]> {
  try {
    return await readStored(connection, name, { seq, next_by_subj: '>', batch: CARRIED_AT_ONCE });
  } catch (error) {
    if (await infoOf(connection, name)) throw error;
    // Another process was faster.
    return [];
  }
}

async function carry(connection: Connection, from: string, message: StoredMsg): Promise<boolean> {
  const { subject, data, seq } = message;
  const stored = await publishDurably(connection, subject, data, { headers: headersOf(message) });
  if (stored.kind !== 'stored' && stored.kind !== 'duplicate') return false;
  await deleteStoredMessage(connection, from, seq).catch((error: unknown) => {
    // Another process had carried the last of them, and has removed the stream.
    if (!isNotFound(error)) throw error;
  });
  return true;
}

/**
 * Its own headers. Those of the server say where it was read or what was expected of the stream it was published to; the
 * message id stays. A publish without one had an id by its place, which it keeps now that its place is another.
 */
function headersOf({ header, seq, time }: StoredMsg): MsgHdrs {
  const own = makeHeaders();
  for (const [name, values] of header) {
    if (name.startsWith('Nats-') && name !== HEADER.messageId) continue;
    for (const value of values) own.append(name, value);
  }
  if (!own.has(HEADER.messageId)) own.set(HEADER.messageId, idByPlace(seq, time.getTime()));
  return own;
}

async function infoOf({ jsm }: Connection, name: string): Promise<StreamInfo | undefined> {
  try {
    return await jsm.streams.info(name);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND;
}

import { createHash } from 'node:crypto';
import { JetStreamApiError } from '@nats-io/jetstream';
import { Objm, setSha256Backend, type ObjectInfo } from '@nats-io/obj';
import { sleep, systemClock } from '@penstock/resilience';
import type { Connection } from './connection.js';
import { readStored } from './read-stored.js';
import { BUCKETS, type Bucket } from './topology.js';

// Process-wide. The client's default is written in JavaScript, and costs a second for 100 MB.
setSha256Backend('native');

/**
 * How the bytes are cut. The client waits for each piece to be stored before it sends the next, so smaller ones take longer
 * to write; larger ones come in many reads of the socket, and the client puts them together in buffers that it outgrows.
 * 11 MB took 95 ms to write and 43 ms of CPU to read with this, 115 and 47 with twice, 120 and 37 with half of it.
 */
const PIECE_BYTES = 256 * 1024;

/** Bytes too large for a message, or not meant for one. An object is held in memory as a whole by who reads it. */
export interface ObjectStore {
  put(name: string, bytes: ReadableStream<Uint8Array>): Promise<{ readonly sizeBytes: number }>;
  /** Its bytes, in pieces; undefined when there is no such object. Rejects when they are not those that were put. */
  get(name: string): Promise<readonly Uint8Array[] | undefined>;
  has(name: string): Promise<boolean>;
  /** Does nothing when there is no such object. */
  delete(name: string): Promise<void>;
}

const STREAM_NOT_FOUND = 10059;

/** Opens a bucket, made on first use, and made anew where a server has lost it since. */
export async function openObjectStore(
  connection: Connection,
  bucket: Bucket,
  options: { readonly ttlMs?: number } = {},
): Promise<ObjectStore> {
  const make = () =>
    new Objm(connection.js).create(BUCKETS[bucket], {
      replicas: connection.storage.replicas,
      ...(options.ttlMs && { ttl: options.ttlMs * 1e6 }),
    });
  let store = await make();
  if (options.ttlMs) await holdTtl(connection, bucket, options.ttlMs * 1e6);
  const withBucket = async <T>(use: () => Promise<T>, mayAgain: () => boolean): Promise<T> => {
    try {
      return await use();
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || error.code !== STREAM_NOT_FOUND || !mayAgain())
        throw error;
      store = await make();
      return use();
    }
  };
  const find = async (name: string): Promise<ObjectInfo | undefined> => {
    const info = await withBucket(
      () => store.info(name),
      () => true,
    );
    return info && !info.deleted ? info : undefined;
  };
  return {
    async put(name, bytes) {
      const meta = { name, options: { max_chunk_size: PIECE_BYTES } };
      const info = await withBucket(
        () => store.put(meta, bytes, { timeout: 30_000 }),
        // The client asks for an object of that name first, and opens the stream then.
        () => !bytes.locked,
      );
      return { sizeBytes: info.size };
    },
    async get(name) {
      const info = await find(name);
      return info && readObject(connection, info);
    },
    async has(name) {
      return (await find(name)) !== undefined;
    },
    async delete(name) {
      await store.delete(name).catch(() => undefined);
    },
  };
}

/** Asked for in one go, in bytes: the server sends that much without waiting for its reader. */
const READ_BYTES = 4 * 1024 * 1024;

/** Any server of a cluster answers; one that has not caught up misses what was put just now, and is asked again. */
const MISSES = 20;
const MISSED_MS = 100;

/**
 * Reads an object by the protocol of the client's object store (ADR-20 of nats-architecture-and-design), not with the
 * client: its reader makes a consumer for each object and leaves it at the server for five minutes, which takes no
 * more than 1,000 of them for a bucket. A file of 200 MB is 200 objects.
 */
async function readObject(
  connection: Connection,
  { bucket, name, nuid, size, digest }: ObjectInfo,
): Promise<readonly Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  const sha256 = createHash('sha256');
  const subject = `$O.${bucket}.C.${nuid}`;
  let seq = 1;
  let misses = 0;
  for (let left = size; left > 0;) {
    const query = { seq, next_by_subj: subject, batch: 1_024, max_bytes: READ_BYTES };
    const messages = await readStored(connection, `OBJ_${bucket}`, query);
    if (messages.length === 0) {
      if (++misses > MISSES) throw new Error(`The object ${name} of ${bucket} has lost a part of its bytes.`);
      await sleep(systemClock, MISSED_MS);
    }
    for (const { data, seq: at } of messages) {
      sha256.update(data);
      pieces.push(data);
      left -= data.length;
      seq = at + 1;
    }
  }
  if (`SHA-256=${sha256.digest('base64url')}` !== digest.replace(/=+$/, ''))
    throw new Error(`The object ${name} of ${bucket} is not what was put there.`);
  return pieces;
}

/** A bucket that is there already is opened as it is, also where the installation has chosen another time limit since. */
async function holdTtl({ jsm }: Connection, bucket: Bucket, ttlNanos: number): Promise<void> {
  const stream = `OBJ_${BUCKETS[bucket]}`;
  const { config } = await jsm.streams.info(stream);
  if (config.max_age !== ttlNanos) await jsm.streams.update(stream, { ...config, max_age: ttlNanos });
}

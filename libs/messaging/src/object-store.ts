import { JetStreamApiError } from '@nats-io/jetstream';
import { Objm, setSha256Backend } from '@nats-io/obj';
import type { Connection } from './connection.js';
import { BUCKETS, type Bucket } from './topology.js';

// Process-wide. The client's default is written in JavaScript, and costs a second for 100 MB.
setSha256Backend('native');

/**
 * How the bytes are cut. The client waits for each piece to be stored before it sends the next; with its own 128 KiB
 * that is four times as many waits.
 */
const PIECE_BYTES = 512 * 1024;

/** Bytes too large for a message, or not meant for one: streamed in and out, so that memory stays bounded. */
export interface ObjectStore {
  put(name: string, bytes: ReadableStream<Uint8Array>): Promise<{ readonly sizeBytes: number }>;
  /** Undefined when there is no such object. Ends in an error when the bytes are not those that were put. */
  get(name: string): Promise<ReadableStream<Uint8Array> | undefined>;
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
      const result = await withBucket(
        () => store.get(name),
        () => true,
      );
      if (!result) return undefined;
      void result.error.catch(() => undefined);
      return result.data;
    },
    async delete(name) {
      await store.delete(name).catch(() => undefined);
    },
  };
}

/** A bucket that is there already is opened as it is, also where the installation has chosen another time limit since. */
async function holdTtl({ jsm }: Connection, bucket: Bucket, ttlNanos: number): Promise<void> {
  const stream = `OBJ_${BUCKETS[bucket]}`;
  const { config } = await jsm.streams.info(stream);
  if (config.max_age !== ttlNanos) await jsm.streams.update(stream, { ...config, max_age: ttlNanos });
}

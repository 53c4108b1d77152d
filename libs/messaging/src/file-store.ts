import type { StoredPart } from '@penstock/contracts';
import type { Connection } from './connection.js';
import { openObjectStore, type ObjectStore } from './object-store.js';

/** Files are kept for 30 days at most; the bucket clears what nobody removed, such as half of an upload. */
const BUCKET_TTL_MS = 31 * 24 * 3_600_000;

/** Of one part. Also what a reader holds in memory. */
const PART_BYTES = 1024 * 1024;

/**
 * Files in the object store. A file is a list of parts, each an object of its own, for two reasons: a reader
 * that is slower than the server holds one part in memory and not the file (an object is read as a whole), and a
 * writer can add to a file for hours and lose nothing when it is killed.
 *
 * Which parts a file has is for the caller to remember. Parts are never changed.
 */
export class FileStore {
  private constructor(private readonly objects: ObjectStore) {}

  static async open(connection: Connection): Promise<FileStore> {
    return new FileStore(await openObjectStore(connection, 'files', { ttlMs: BUCKET_TTL_MS }));
  }

  /**
   * Stores what the source yields as parts named `<name>.<n>`. Rejects when the source does, or the server; the
   * parts stored by then are removed again.
   */
  async write(name: string, source: AsyncIterable<Uint8Array>): Promise<readonly StoredPart[]> {
    const parts: StoredPart[] = [];
    let gathered: Uint8Array[] = [];
    let gatheredBytes = 0;
    const store = async () => {
      parts.push(await this.writePart(`${name}.${parts.length}`, gathered));
      gathered = [];
      gatheredBytes = 0;
    };
    try {
      for await (const chunk of source) {
        gathered.push(chunk);
        gatheredBytes += chunk.length;
        if (gatheredBytes >= PART_BYTES) await store();
      }
      if (gatheredBytes > 0) await store();
      return parts;
    } catch (error) {
      await this.remove(parts);
      throw error;
    }
  }

  /** Stores one part, in the order of the pieces given. */
  async writePart(name: string, pieces: readonly Uint8Array[]): Promise<StoredPart> {
    const { sizeBytes } = await this.objects.put(
      name,
      new ReadableStream({
        start(controller) {
          for (const piece of pieces) controller.enqueue(piece);
          controller.close();
        },
      }),
    );
    return { name, bytes: sizeBytes };
  }

  /** Yields the bytes of the parts, one part at a time. Rejects with `MissingPartError` when one is gone. */
  async *read(parts: readonly StoredPart[]): AsyncGenerator<Uint8Array, void, void> {
    for (const part of parts) {
      const pieces = await this.objects.get(part.name);
      if (!pieces) throw new MissingPartError(part.name);
      yield* pieces;
    }
  }

  /** Whether all parts are there. */
  async has(parts: readonly StoredPart[]): Promise<boolean> {
    const found = await Promise.all(parts.map(({ name }) => this.objects.has(name)));
    return !found.includes(false);
  }

  async remove(parts: readonly StoredPart[]): Promise<void> {
    for (const part of parts) await this.objects.delete(part.name);
  }
}

/** A part that a file is said to have is not in the store. */
export class MissingPartError extends Error {
  override readonly name = 'MissingPartError';

  constructor(readonly part: string) {
    super(`The part ${part} of a file is missing.`);
  }
}

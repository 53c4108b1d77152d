import { JetStreamApiError } from '@nats-io/jetstream';
import { Kvm, type KV, type KvEntry } from '@nats-io/kv';
import { sleep, systemClock } from '@penstock/resilience';
import type { Connection } from './connection.js';

/** The server's codes for a write that expected another revision to be the newest. */
const OUTDONE = new Set([10071, 10164]);

export interface KvSnapshotOptions<T> {
  /** Values nobody writes again for so long are forgotten. */
  readonly ttlMs?: number;
  readonly onChange?: (key: string, value: T | undefined) => void;
}

interface Held<T> {
  /** Undefined when it was deleted. */
  readonly value: T | undefined;
  readonly revision: number;
}

/**
 * A key-value bucket that every process holds a copy of: reads cost nothing, changes are heard of as they
 * happen. Values are JSON. Keys are subject tokens; other characters are escaped. A bucket that the server has lost
 * is made again at the next reconnect.
 */
export class KvSnapshot<T> {
  private readonly held = new Map<string, Held<T>>();
  private stopWatching: () => void = () => undefined;
  private closed = false;

  private constructor(
    private kv: KV,
    private readonly onChange: KvSnapshotOptions<T>['onChange'],
  ) {}

  /** Opens the bucket, made on first use, and waits until the copy is complete. */
  static async open<T>(
    connection: Connection,
    bucket: string,
    options: KvSnapshotOptions<T> = {},
  ): Promise<KvSnapshot<T>> {
    const make = () =>
      new Kvm(connection.js).create(bucket, {
        history: 1,
        replicas: connection.storage.replicas,
        ...(options.ttlMs && { ttl: options.ttlMs }),
      });
    const snapshot = new KvSnapshot<T>(await make(), options.onChange);
    await snapshot.watch();
    // A server that was just started may not have found its streams yet, and refuses or does not answer. Given up after
    // one try, this copy would grow old unnoticed.
    let reconnects = 0;
    const again = async (reconnect: number) => {
      for (
        let delayMs = 100;
        !snapshot.closed && reconnect === reconnects;
        delayMs = Math.min(2 * delayMs, 2_000)
      ) {
        try {
          snapshot.kv = await make();
          return await snapshot.watch();
        } catch {
          await sleep(systemClock, delayMs);
        }
      }
    };
    connection.onReconnect(() => void again(++reconnects));
    return snapshot;
  }

  get(key: string): T | undefined {
    return this.held.get(key)?.value;
  }

  *entries(): IterableIterator<[string, T]> {
    for (const [key, { value }] of this.held) if (value !== undefined) yield [key, value];
  }

  async put(key: string, value: T): Promise<void> {
    await this.kv.put(escape(key), JSON.stringify(value));
  }

  /**
   * Replaces a value by what `change` makes of it, unless somebody else does so first: then the newest is fetched and
   * `change` is asked again. Resolves to false when it was outdone `tries` times. Rejects when the server does not
   * answer: then the value may have been replaced or not.
   */
  async replace(key: string, change: (value: T | undefined) => T, tries = 8): Promise<boolean> {
    for (let attempt = 0; attempt < tries; attempt++) {
      const known = this.held.get(key);
      const value = change(known?.value);
      try {
        const previousSeq = known?.revision ?? 0;
        const revision = await this.kv.put(escape(key), JSON.stringify(value), { previousSeq });
        if (revision > previousSeq) this.held.set(key, { value, revision });
        return true;
      } catch (error) {
        if (!(error instanceof JetStreamApiError) || !OUTDONE.has(error.code)) throw error;
        await this.fetch(key);
      }
    }
    return false;
  }

  async delete(key: string): Promise<void> {
    await this.kv.delete(escape(key));
  }

  close(): void {
    this.closed = true;
    this.stopWatching();
  }

  /** Follows the bucket from its first value on; resolves when the copy is complete. */
  private async watch(): Promise<void> {
    this.stopWatching();
    const watch = await this.kv.watch({ ignoreDeletes: false });
    this.stopWatching = () => watch.stop();
    const total = (await this.kv.status()).values;
    // Revisions begin anew in a bucket that is, and what was held of the lost one is not there any more.
    if (total === 0) this.held.clear();
    let seen = 0;
    let complete: () => void;
    const completed = new Promise<void>((resolve) => (complete = resolve));
    if (total === 0) complete!();
    const follow = async () => {
      for await (const entry of watch) {
        const key = unescape(entry.key);
        // What this process wrote or fetched itself may be newer than what is told here.
        if (this.take(key, entry)) this.onChange?.(key, this.get(key));
        if (++seen >= total) complete();
      }
      complete();
    };
    void follow();
    await completed;
  }

  /** Notes an entry, unless a newer one is known. */
  private take(key: string, entry: KvEntry): boolean {
    if (entry.revision <= (this.held.get(key)?.revision ?? 0)) return false;
    const value = entry.operation === 'PUT' ? entry.json<T>() : undefined;
    this.held.set(key, { value, revision: entry.revision });
    return true;
  }

  private async fetch(key: string): Promise<void> {
    const entry = await this.kv.get(escape(key));
    // Aged away, or lost by the server: the next write is the first, and whatever comes is newer.
    this.held.delete(key);
    if (entry) this.take(key, entry);
  }
}

/** KV keys allow letters, digits, and `-/_=.`; what else a key holds becomes `=xx`. */
function escape(key: string): string {
  return key.replace(/[^A-Za-z0-9/_.-]/g, (char) =>
    [...Buffer.from(char)].map((byte) => `=${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}

function unescape(key: string): string {
  return key.includes('=') ? decodeURIComponent(key.replaceAll('=', '%')) : key;
}

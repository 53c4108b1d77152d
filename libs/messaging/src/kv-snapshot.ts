import { Kvm, type KV } from '@nats-io/kv';
import type { Connection } from './connection.js';

/**
 * A key-value bucket that every process holds a copy of: reads cost nothing, changes are heard of as they
 * happen. Values are JSON. Keys are subject tokens; other characters are escaped.
 */
export class KvSnapshot<T> {
  private constructor(
    private readonly kv: KV,
    private readonly values: Map<string, T>,
    private readonly stopWatching: () => void,
  ) {}

  /** Opens the bucket, made on first use, and waits until the copy is complete. */
  static async open<T>(
    connection: Connection,
    bucket: string,
    options: {
      readonly ttlMs?: number;
      readonly onChange?: (key: string, value: T | undefined) => void;
    } = {},
  ): Promise<KvSnapshot<T>> {
    const kv = await new Kvm(connection.js).create(bucket, {
      history: 1,
      ...(options.ttlMs && { ttl: options.ttlMs }),
    });
    const values = new Map<string, T>();
    const watch = await kv.watch({ ignoreDeletes: false });
    const total = (await kv.status()).values;
    let seen = 0;
    let complete: () => void;
    const completed = new Promise<void>((resolve) => (complete = resolve));
    if (total === 0) complete!();
    const follow = async () => {
      for await (const entry of watch) {
        const key = unescape(entry.key);
        const value = entry.operation === 'PUT' ? entry.json<T>() : undefined;
        if (value === undefined) values.delete(key);
        else values.set(key, value);
        options.onChange?.(key, value);
        if (++seen >= total) complete();
      }
      complete();
    };
    void follow();
    await completed;
    return new KvSnapshot(kv, values, () => watch.stop());
  }

  get(key: string): T | undefined {
    return this.values.get(key);
  }

  entries(): IterableIterator<[string, T]> {
    return this.values.entries();
  }

  async put(key: string, value: T): Promise<void> {
    await this.kv.put(escape(key), JSON.stringify(value));
  }

  async delete(key: string): Promise<void> {
    await this.kv.delete(escape(key));
  }

  close(): void {
    this.stopWatching();
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

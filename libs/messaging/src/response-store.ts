import type { Connection } from './connection.js';
import { openObjectStore, type ObjectStore } from './object-store.js';

/** Answers that a later request may go on from, by tenant and id, for as long as results are kept. */
export class ResponseStore {
  private constructor(private readonly objects: ObjectStore) {}

  static async open(connection: Connection, ttlMs: number): Promise<ResponseStore> {
    return new ResponseStore(await openObjectStore(connection, 'responses', { ttlMs }));
  }

  /** Takes the place of what was there. */
  async put(tenant: string, id: string, bytes: Uint8Array): Promise<void> {
    await this.objects.put(
      nameOf(tenant, id),
      new ReadableStream({
        start(controller) {
          controller.enqueue(bytes);
          controller.close();
        },
      }),
    );
  }

  /** Undefined when there is none, or no more. */
  async get(tenant: string, id: string): Promise<Uint8Array | undefined> {
    const pieces = await this.objects.get(nameOf(tenant, id));
    return pieces && Buffer.concat(pieces);
  }

  remove(tenant: string, id: string): Promise<void> {
    return this.objects.delete(nameOf(tenant, id));
  }
}

/** The tenant is a token without a dot, so no id reaches another tenant's. */
function nameOf(tenant: string, id: string): string {
  return `${tenant}.${id}`;
}

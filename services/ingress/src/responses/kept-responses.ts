import type { ResponseStore } from '@penstock/messaging';
import type { Item, KeptResponse } from './conversation.js';

/** Ids that may stand in the store's names. */
const ID = /^[A-Za-z0-9_-]{1,200}$/;

/** The responses that are kept for later requests, as JSON. */
export class KeptResponses {
  constructor(private readonly store: ResponseStore) {}

  async keep(tenant: string, id: unknown, kept: KeptResponse): Promise<void> {
    if (typeof id !== 'string' || !ID.test(id)) return;
    await this.store.put(tenant, id, Buffer.from(JSON.stringify(kept)));
  }

  async find(tenant: string, id: string): Promise<KeptResponse | undefined> {
    const bytes = ID.test(id) ? await this.store.get(tenant, id) : undefined;
    return bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as KeptResponse);
  }

  async remove(tenant: string, id: string): Promise<void> {
    if (ID.test(id)) await this.store.remove(tenant, id);
  }
}

/** The items of a response's input as OpenAI lists them, each with an id of its own. */
export function listItems(
  id: string,
  input: readonly Item[],
  {
    after,
    limit,
    order,
  }: { readonly after?: string; readonly limit: number; readonly order?: 'asc' | 'desc' },
) {
  const named = input.map((item, at) => ({ id: `item_${id}_${at}`, ...item }));
  const ordered = order === 'asc' ? named : named.reverse();
  const start = after === undefined ? 0 : ordered.findIndex((item) => item.id === after) + 1;
  const data = ordered.slice(start, start + limit);
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: start + limit < ordered.length,
  };
}

import { refusal, type AskList, type Read } from '@penstock/contracts';
import { batchOfMessages } from './message-batch.js';
import { MESSAGES } from './read-message-batch.js';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1_000;

/** A page to ask for; `backwards` says that it comes oldest first and has to be turned round. */
export type WantedMessageBatches = Omit<AskList, 'tenant'> & { readonly backwards: boolean };

/** `?after_id=…&before_id=…&limit=…`, as Anthropic's lists take them. */
export function readMessageListQuery(query: Readonly<Record<string, unknown>>): Read<WantedMessageBatches> {
  const { after_id: after, before_id: before } = query;
  if (after !== undefined && before !== undefined)
    return refuse('after_id', 'after_id goes without before_id.');
  const cursor = after ?? before;
  if (cursor !== undefined && typeof cursor !== 'string') return refuse('after_id', 'An id is given once.');
  const limit = query['limit'] === undefined ? DEFAULT_LIMIT : Number(query['limit']);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    return refuse('limit', `limit is a whole number from 1 to ${MAX_LIMIT}.`);
  }
  const backwards = before !== undefined;
  return {
    ok: true,
    value: {
      ...{ limit, backwards, endpoint: MESSAGES, order: backwards ? 'asc' : 'desc' },
      ...(cursor !== undefined && { after: batchOfMessages(cursor) }),
    },
  };
}

function refuse(param: string, message: string): Read<never> {
  return { ok: false, refusal: refusal('invalid_request', { param, message }) };
}

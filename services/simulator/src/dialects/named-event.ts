import type { StreamEvent } from './dialect.js';

/** A server-sent event that bears its type, as its name and within, as OpenAI's Responses and Anthropic send them. */
export function namedEvent(
  data: { readonly type: string; readonly [field: string]: unknown },
  tokens = 0,
): StreamEvent {
  return { text: `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`, tokens };
}

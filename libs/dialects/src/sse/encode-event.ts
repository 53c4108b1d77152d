const utf8 = new TextEncoder();

/**
 * Line breaks to a reader that goes by Unicode (Python's `splitlines`, JavaScript's `$`), though not by the
 * specification of server-sent events, and not escaped by JSON: an event would fall apart in its hands.
 */
const UNICODE_LINE_BREAKS = /[\u0085\u2028\u2029]/g;

/** One server-sent event with a JSON payload, which is one line whoever reads it. */
export function encodeEvent(data: unknown, name?: string): Uint8Array {
  const event = name === undefined ? '' : `event: ${name}\n`;
  const json = JSON.stringify(data).replace(UNICODE_LINE_BREAKS, escape);
  return utf8.encode(`${event}data: ${json}\n\n`);
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The event that ends a stream in OpenAI's older dialects, and only a complete one. */
export const DONE_EVENT: Uint8Array = utf8.encode('data: [DONE]\n\n');

/** What a part leads to that has nothing for the client. */
export const NO_EVENT: Uint8Array = new Uint8Array(0);

export function joinEvents(...events: readonly Uint8Array[]): Uint8Array {
  return events.length === 1 ? (events[0] ?? NO_EVENT) : new Uint8Array(Buffer.concat(events));
}

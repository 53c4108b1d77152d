const utf8 = new TextEncoder();

/**
 * One server-sent event with a JSON payload. JSON escapes line breaks in its strings, so that the data is
 * always one line.
 */
export function encodeEvent(data: unknown, name?: string): Uint8Array {
  const event = name === undefined ? '' : `event: ${name}\n`;
  return utf8.encode(`${event}data: ${JSON.stringify(data)}\n\n`);
}

/** The event that ends a stream in OpenAI's older dialects, and only a complete one. */
export const DONE_EVENT: Uint8Array = utf8.encode('data: [DONE]\n\n');

/** What a part leads to that has nothing for the client. */
export const NO_EVENT: Uint8Array = new Uint8Array(0);

export function joinEvents(...events: readonly Uint8Array[]): Uint8Array {
  return events.length === 1 ? (events[0] ?? NO_EVENT) : new Uint8Array(Buffer.concat(events));
}

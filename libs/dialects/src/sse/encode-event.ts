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

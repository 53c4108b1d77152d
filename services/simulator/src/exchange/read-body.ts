import type { IncomingMessage } from 'node:http';

/** As the providers have it, more or less: images come inside the JSON. */
export const MOST_BODY_BYTES = 64 * 1024 * 1024;

/** Calls `done` with the whole body, or with undefined when it is too large. A caller that leaves gets no answer. */
export function readBody(request: IncomingMessage, done: (body: Buffer | undefined) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MOST_BODY_BYTES) chunks.push(chunk);
  });
  request.on('end', () => {
    if (bytes > MOST_BODY_BYTES) done(undefined);
    else done(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
  });
}

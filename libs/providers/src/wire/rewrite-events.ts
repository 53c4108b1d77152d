import { asBuffer } from './bytes.js';
import { readSseEvent } from './sse-event.js';
import { SseSplitter } from './sse-splitter.js';

/** What becomes of an event's data: other data, or the event as it is. */
export type RewriteData = (data: string) => Promise<string | undefined>;

/**
 * Changes the data of server-sent events. `chunk` holds whole events, as a ChunkStream gives them; events whose data
 * stays keep their bytes, others keep their names. Rejects with what `rewrite` rejects with.
 */
export async function rewriteEvents(chunk: Uint8Array, rewrite: RewriteData): Promise<Uint8Array> {
  const bytes = asBuffer(chunk);
  const split = new SseSplitter(Infinity).push(bytes);
  if (split === undefined || split === 'too_large') return chunk;
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const end of split.ends) {
    const event = bytes.subarray(from, end);
    const { type, data } = readSseEvent(event);
    const changed = data === undefined ? undefined : await rewrite(data);
    pieces.push(changed === undefined ? event : encode(type, changed));
    from = end;
  }
  pieces.push(bytes.subarray(from));
  return Buffer.concat(pieces);
}

function encode(type: string | undefined, data: string): Buffer {
  const name = type === undefined ? '' : `event: ${type}\n`;
  // A line break in the data would end its line.
  const lines = data.split('\n').map((line) => `data: ${line}\n`);
  return Buffer.from(`${name}${lines.join('')}\n`);
}

import { eventId, type EventPosition } from './event-position.js';

const NOTHING = Buffer.alloc(0);

/**
 * Puts an `id:` line into every event of a stream, so that its client can say how far it came. Where in the stream an
 * event ends is counted without those lines.
 */
export class EventLabels {
  /** The beginning of an event whose end has not come yet. */
  private begun: Buffer = NOTHING;

  /** Labels the events that end in `bytes`, whose first byte is at `place`. */
  label(bytes: Uint8Array, place: EventPosition): Buffer {
    const block = this.begun.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.begun, bytes]);
    const base = place.offset - this.begun.length;
    const labelled: Buffer[] = [];
    let from = 0;
    for (let end = endOfEvent(block, 0); end > 0; end = endOfEvent(block, from)) {
      const id = eventId({ ...place, offset: base + end });
      labelled.push(Buffer.from(`id: ${id}\n`), block.subarray(from, end));
      from = end;
    }
    this.begun = block.subarray(from);
    return Buffer.concat(labelled);
  }
}

/** Behind the empty line that ends the event at `from`; 0 when there is none yet. */
function endOfEvent(block: Buffer, from: number): number {
  const lf = block.indexOf('\n\n', from);
  const crlf = block.indexOf('\r\n\r\n', from);
  if (lf < 0 && crlf < 0) return 0;
  return crlf < 0 || (lf >= 0 && lf < crlf) ? lf + 2 : crlf + 4;
}

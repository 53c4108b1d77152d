/** Whole events, as the bytes they came in. */
export interface SplitEvents {
  readonly block: Buffer;
  /** For each event, the offset in `block` where it ends and the next begins. */
  readonly ends: readonly number[];
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts a stream of server-sent events into whole events without changing a byte of it: the blocks it returns, put
 * together, are what it was given. A read may end anywhere, also inside a character or between CR and LF.
 *
 * Lines end with CRLF, LF or CR; an event ends with an empty line. (WHATWG HTML, "Server-sent events".) An LF that
 * comes a read later than the CR that ended an event becomes the first byte of the next one, where it means nothing.
 */
export class SseSplitter {
  private held: Buffer[] = [];
  private heldBytes = 0;
  /** The current line has no byte yet. */
  private lineEmpty = true;
  /** The current event has no line yet, so an empty line ends nothing. */
  private eventEmpty = true;
  private afterCr = false;

  constructor(private readonly maxEventBytes: number) {}

  /** The events that are complete with `bytes`; undefined when none is; `too_large` when one passes the bound. */
  push(bytes: Buffer): SplitEvents | undefined | 'too_large' {
    const ends: number[] = [];
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i];
      if (byte === LF && this.afterCr) {
        this.afterCr = false;
        // The other half of the CR that ended the event.
        if (ends.at(-1) === this.heldBytes + i) ends[ends.length - 1] = this.heldBytes + i + 1;
        continue;
      }
      this.afterCr = byte === CR;
      if (byte !== LF && byte !== CR) {
        this.lineEmpty = false;
        this.eventEmpty = false;
      } else if (!this.lineEmpty) this.lineEmpty = true;
      else if (!this.eventEmpty) {
        this.eventEmpty = true;
        ends.push(this.heldBytes + i + 1);
      }
    }
    return this.cut(bytes, ends);
  }

  /** Bytes of an event that has not ended yet. */
  get pendingBytes(): number {
    return this.heldBytes;
  }

  private cut(bytes: Buffer, ends: number[]): SplitEvents | undefined | 'too_large' {
    const end = ends.at(-1);
    if (end === undefined) {
      this.held.push(bytes);
      this.heldBytes += bytes.length;
      return this.heldBytes > this.maxEventBytes ? 'too_large' : undefined;
    }
    const rest = end - this.heldBytes;
    const last = bytes.subarray(0, rest);
    const block = this.held.length === 0 ? last : Buffer.concat([...this.held, last], end);
    this.held = rest === bytes.length ? [] : [bytes.subarray(rest)];
    this.heldBytes = bytes.length - rest;
    return { block, ends };
  }
}

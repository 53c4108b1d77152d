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
    let lineStart = 0;
    let lf = next(bytes, LF, 0);
    let cr = next(bytes, CR, 0);
    while (lf < bytes.length || cr < bytes.length) {
      const at = Math.min(lf, cr);
      this.readText(at > lineStart);
      lineStart = at + 1;
      const secondHalf = this.afterCr && at === lf;
      this.afterCr = at === cr;
      if (this.afterCr) cr = next(bytes, CR, lineStart);
      else lf = next(bytes, LF, lineStart);
      if (secondHalf) {
        // The LF behind the CR that ended the event, unless that CR came a read ago.
        if (ends.at(-1) === this.heldBytes + at) ends[ends.length - 1] = this.heldBytes + lineStart;
      } else if (!this.lineEmpty) this.lineEmpty = true;
      else if (!this.eventEmpty) {
        this.eventEmpty = true;
        ends.push(this.heldBytes + lineStart);
      }
    }
    this.readText(bytes.length > lineStart);
    return this.cut(bytes, ends);
  }

  /** Bytes of an event that has not ended yet. */
  get pendingBytes(): number {
    return this.heldBytes;
  }

  private readText(any: boolean): void {
    if (!any) return;
    this.lineEmpty = false;
    this.eventEmpty = false;
    this.afterCr = false;
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

/** The offset of the next `byte`; the length when there is none. Almost always no CR is there, which costs one search. */
function next(bytes: Buffer, byte: number, from: number): number {
  const at = bytes.indexOf(byte, from);
  return at < 0 ? bytes.length : at;
}

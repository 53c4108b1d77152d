/** One line of an input file, without its line feed. */
export interface InputLine {
  /** Counted from 1. */
  readonly number: number;
  /** Undefined when the line is longer than it may be: its bytes were skipped, not kept. */
  readonly bytes: Uint8Array | undefined;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Cuts a file into lines as its chunks come, holding no more than one line.
 *
 * Lines end with LF or CRLF; the last one may do without. Empty lines at the end of the file are no lines; an
 * empty line before that is one, and no valid one. Lines may be views into the chunk they came in.
 */
export class LineSplitter {
  private number = 0;
  private empty = 0;
  private carried: Uint8Array[] = [];
  private carriedBytes = 0;

  constructor(private readonly maxLineBytes: number) {}

  /** The lines that end in this chunk. */
  take(chunk: Uint8Array): readonly InputLine[] {
    const lines: InputLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      this.cut(lines, chunk.subarray(start, end));
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    // Beyond the bound a line's bytes are only counted: one endless line must not fill the memory.
    if (rest.length > 0) {
      if (this.carriedBytes <= this.maxLineBytes) this.carried.push(rest.slice());
      this.carriedBytes += rest.length;
    }
    return lines;
  }

  /** The last line, if it did without an end. */
  end(): readonly InputLine[] {
    const lines: InputLine[] = [];
    if (this.carriedBytes > 0) this.cut(lines, new Uint8Array(0));
    return lines;
  }

  private cut(lines: InputLine[], tail: Uint8Array): void {
    const length = this.carriedBytes + tail.length;
    const whole = this.carriedBytes === 0 ? tail : Buffer.concat([...this.carried, tail]);
    this.carried = [];
    this.carriedBytes = 0;
    const bytes = whole.at(-1) === CARRIAGE_RETURN ? whole.subarray(0, -1) : whole;
    if (bytes.length === 0) {
      this.empty++;
      return;
    }
    for (; this.empty > 0; this.empty--) lines.push({ number: ++this.number, bytes: whole.subarray(0, 0) });
    lines.push({ number: ++this.number, bytes: length > this.maxLineBytes ? undefined : bytes });
  }
}

/** The lines of a file, a handful at a time. */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  maxLineBytes: number,
): AsyncGenerator<readonly InputLine[], void, void> {
  const splitter = new LineSplitter(maxLineBytes);
  for await (const chunk of chunks) {
    const lines = splitter.take(chunk);
    if (lines.length > 0) yield lines;
  }
  const last = splitter.end();
  if (last.length > 0) yield last;
}

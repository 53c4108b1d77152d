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
 * Cuts a file into lines, a handful at a time, holding no more than one chunk and one line.
 *
 * Lines end with LF or CRLF; the last one may do without. Empty lines at the end of the file are no lines; an
 * empty line before that is one, and no valid one. Lines may be views into the chunk they came in.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  maxLineBytes: number,
): AsyncGenerator<readonly InputLine[], void, void> {
  let number = 0;
  let empty = 0;
  let carried: Uint8Array[] = [];
  let carriedBytes = 0;

  const cut = (lines: InputLine[], tail: Uint8Array): void => {
    const length = carriedBytes + tail.length;
    const whole = carriedBytes === 0 ? tail : Buffer.concat([...carried, tail]);
    carried = [];
    carriedBytes = 0;
    const bytes = whole.at(-1) === CARRIAGE_RETURN ? whole.subarray(0, -1) : whole;
    if (bytes.length === 0) {
      empty++;
      return;
    }
    for (; empty > 0; empty--) lines.push({ number: ++number, bytes: whole.subarray(0, 0) });
    lines.push({ number: ++number, bytes: length > maxLineBytes ? undefined : bytes });
  };

  for await (const chunk of chunks) {
    const lines: InputLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      cut(lines, chunk.subarray(start, end));
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    // Beyond the bound a line's bytes are only counted: one endless line must not fill the memory.
    if (rest.length > 0) {
      if (carriedBytes <= maxLineBytes) carried.push(rest.slice());
      carriedBytes += rest.length;
    }
    if (lines.length > 0) yield lines;
  }
  if (carriedBytes > 0) {
    const lines: InputLine[] = [];
    cut(lines, new Uint8Array(0));
    if (lines.length > 0) yield lines;
  }
}

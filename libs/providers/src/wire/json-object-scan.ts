/** Where one of the wanted fields stands in the bytes of a JSON object. */
export interface ScannedField {
  readonly key: string;
  /** Where its name begins, with the quote. */
  readonly start: number;
  readonly valueStart: number;
  /** The offset behind the value. */
  readonly valueEnd: number;
}

export interface ScannedObject {
  /** The wanted fields at the top level, or all, in order; a key that stands there twice is here twice. */
  readonly fields: readonly ScannedField[];
  /** Offset of the closing brace. */
  readonly close: number;
  /** It has no field at all. */
  readonly empty: boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Finds fields at the top level of a JSON object without making anything of the rest, so that a body of any size can
 * be changed in one place and stay the client's own bytes everywhere else. Strings are hopped over at the speed of a
 * byte search.
 *
 * It is exact for valid JSON, whatever its keys, escapes and white space. Undefined for anything whose outline is not
 * that of one object; it does not validate the values.
 */
export function scanJsonObject(bytes: Buffer, wanted: readonly string[] | 'all'): ScannedObject | undefined {
  const open = skipSpace(bytes, 0);
  if (bytes[open] !== 0x7b) return undefined;
  const fields: ScannedField[] = [];
  let at = skipSpace(bytes, open + 1);
  if (bytes[at] === 0x7d) return ended(bytes, at, fields, true);

  for (;;) {
    if (bytes[at] !== QUOTE) return undefined;
    const keyEnd = skipString(bytes, at);
    if (keyEnd === undefined) return undefined;
    const start = at;
    const key = readKey(bytes, start, keyEnd);
    at = skipSpace(bytes, keyEnd);
    if (bytes[at] !== 0x3a) return undefined;
    const valueStart = skipSpace(bytes, at + 1);
    const valueEnd = skipValue(bytes, valueStart);
    if (valueEnd === undefined || valueEnd === valueStart) return undefined;
    if (key !== undefined && (wanted === 'all' || wanted.includes(key)))
      fields.push({ key, start, valueStart, valueEnd });
    at = skipSpace(bytes, valueEnd);
    if (bytes[at] === 0x7d) return ended(bytes, at, fields, false);
    if (bytes[at] !== 0x2c) return undefined;
    at = skipSpace(bytes, at + 1);
  }
}

/** A piece of bytes to be put in place of those from `start` to before `end`. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly bytes: Buffer;
}

/** The bytes with all replacements made; they must be in order and apart. */
export function replaceBytes(bytes: Buffer, replacements: readonly Replacement[]): Buffer {
  const pieces: Buffer[] = [];
  let from = 0;
  for (const each of replacements) {
    pieces.push(bytes.subarray(from, each.start), each.bytes);
    from = each.end;
  }
  pieces.push(bytes.subarray(from));
  return Buffer.concat(pieces);
}

function ended(
  bytes: Buffer,
  close: number,
  fields: ScannedField[],
  empty: boolean,
): ScannedObject | undefined {
  return skipSpace(bytes, close + 1) === bytes.length ? { fields, close, empty } : undefined;
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  for (
    let byte = bytes[at];
    byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
    byte = bytes[at]
  )
    at++;
  return at;
}

/** The offset behind the string that opens at `open`. */
function skipString(bytes: Buffer, open: number): number | undefined {
  for (let quote = bytes.indexOf(QUOTE, open + 1); quote >= 0; quote = bytes.indexOf(QUOTE, quote + 1)) {
    let first = quote;
    while (bytes[first - 1] === BACKSLASH) first--;
    if ((quote - first) % 2 === 0) return quote + 1;
  }
  return undefined;
}

/** The key as it is meant: it may be written with escapes. Undefined when its escapes are not JSON's. */
function readKey(bytes: Buffer, start: number, end: number): string | undefined {
  const written = bytes.toString('utf8', start + 1, end - 1);
  if (!written.includes('\\')) return written;
  try {
    return JSON.parse(`"${written}"`) as string;
  } catch {
    return undefined;
  }
}

function skipValue(bytes: Buffer, start: number): number | undefined {
  let depth = 0;
  let at = start;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const end = skipString(bytes, at);
      if (end === undefined) return undefined;
      at = end;
      if (depth === 0) return at;
      continue;
    }
    if (byte === 0x7b || byte === 0x5b) depth++;
    else if (byte === 0x7d || byte === 0x5d) {
      if (depth === 0) return at;
      depth--;
      if (depth === 0) return at + 1;
    } else if (
      depth === 0 &&
      (byte === 0x2c || byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09)
    )
      return at;
    at++;
  }
  return undefined;
}

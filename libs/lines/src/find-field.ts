/** Where a value stands in a text of bytes: from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;

/**
 * Finds the value of a field in the outermost object of a JSON text, without parsing it, so that the value can
 * be passed on as the very bytes the client wrote: parsing and writing again would change long integers, the
 * order of repeated names and the spelling of numbers.
 *
 * Undefined when there is no such field, when its name is written with escapes, or when the text is no object.
 * The text need not be valid JSON: the span is one that would be the value if everything else were valid. Of
 * several fields of that name the last counts, as for a parser.
 */
export function findField(text: Uint8Array, name: string): Span | undefined {
  let at = skipSpace(text, 0);
  if (text[at] !== OPEN_BRACE) return undefined;
  let found: Span | undefined;
  at = skipSpace(text, at + 1);
  while (text[at] === QUOTE) {
    const nameEnd = skipString(text, at);
    const matches = isName(text, at, nameEnd, name);
    at = skipSpace(text, nameEnd);
    if (text[at] !== COLON) return undefined;
    const start = skipSpace(text, at + 1);
    const end = skipValue(text, start);
    if (end === start) return undefined;
    if (matches) found = { start, end };
    at = skipSpace(text, end);
    if (text[at] !== COMMA) break;
    at = skipSpace(text, at + 1);
  }
  return found;
}

function isName(text: Uint8Array, start: number, end: number, name: string): boolean {
  if (end - start !== name.length + 2) return false;
  for (let i = 0; i < name.length; i++) if (text[start + 1 + i] !== name.charCodeAt(i)) return false;
  return true;
}

function skipSpace(text: Uint8Array, at: number): number {
  for (; ; at++) {
    const byte = text[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return at;
  }
}

/** From an opening quote to behind the closing one, or to the end of the text. */
function skipString(text: Uint8Array, start: number): number {
  const near = Math.min(text.length, start + 32);
  let at = start + 1;
  for (; at < near; at++) {
    const byte = text[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at++;
  }
  // Names end nearby; prompts go on for pages, and the native search is twenty times as fast.
  for (;;) {
    const quote = text.indexOf(QUOTE, at);
    if (quote === -1) return text.length;
    let escapes = 0;
    while (quote - escapes > at && text[quote - escapes - 1] === BACKSLASH) escapes++;
    at = quote + 1;
    if (escapes % 2 === 0) return at;
  }
}

function skipValue(text: Uint8Array, at: number): number {
  const first = text[at];
  if (first === QUOTE) return skipString(text, at);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return skipNested(text, at);
  for (; at < text.length; at++) {
    const byte = text[at]!;
    if (byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte <= 0x20) break;
  }
  return at;
}

function skipNested(text: Uint8Array, at: number): number {
  let depth = 0;
  while (at < text.length) {
    const byte = text[at];
    if (byte === QUOTE) {
      at = skipString(text, at);
      continue;
    }
    at++;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) return at;
  }
  return text.length;
}

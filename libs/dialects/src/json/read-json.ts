import { refusal, type Read } from '@penstock/contracts';
import { describeFault, isObject, type Check, type JsonObject } from './check.js';

/**
 * How deep a body may nest. Deeper than any real request; far less than what overflows the stack of code that
 * walks or writes a value recursively (`JSON.stringify` does, a hundred thousand brackets are 100 KB).
 */
export const MAX_DEPTH = 128;

/** A byte order mark is not JSON (RFC 8259, section 8.1): it is kept here so that the parser refuses it. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The bytes as one JSON object that has passed `check`. */
export function readJson(body: Uint8Array, check: Check): Read<JsonObject> {
  const parsed = parseJsonObject(body);
  return parsed.ok ? passing(parsed.value, check) : parsed;
}

/** The object, if it passes the check; its first fault as a refusal, if not. */
export function passing(value: JsonObject, check: Check): Read<JsonObject> {
  const fault = check(value);
  return fault === undefined ? { ok: true, value } : invalid(describeFault(fault), fault.path);
}

/**
 * The bytes as one JSON object. A key `__proto__` becomes a field like any other and changes no prototype.
 * Messages give positions and names, never text of the body.
 */
export function parseJsonObject(body: Uint8Array): Read<JsonObject> {
  if (isTooDeep(body)) {
    return invalid(`The body is nested more than ${MAX_DEPTH} levels deep.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(body));
  } catch (error) {
    return { ok: false, refusal: refusal('malformed_json', { message: describeSyntaxError(body, error) }) };
  }
  return isObject(value) ? { ok: true, value } : invalid('The body must be a JSON object.');
}

function invalid(message: string, param?: string): Read<never> {
  return {
    ok: false,
    refusal: refusal('invalid_request', param ? { message, param } : { message }),
  };
}

function describeSyntaxError(body: Uint8Array, error: unknown): string {
  if (body.length === 0) return 'The body is empty. Send one JSON object.';
  if (!(error instanceof SyntaxError)) return 'The body is not valid UTF-8. Send one JSON object.';
  // The engine's own message quotes the body, and may end up in a log: only the position is taken from it.
  const position = /position (\d+)/.exec(error.message)?.[1];
  const where =
    position === undefined ? 'it ends too early or has a stray character' : `see character ${position}`;
  return `The body is not valid JSON: ${where}. Send one JSON object.`;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Counts brackets outside of strings, on the bytes: a bomb is refused before anything is built of it. */
function isTooDeep(body: Uint8Array): boolean {
  // Every level needs a bracket at each end.
  if (body.length < 2 * MAX_DEPTH) return false;
  let depth = 0;
  for (let index = 0; index < body.length; index++) {
    switch (body[index]) {
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > MAX_DEPTH) return true;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
        break;
      case QUOTE:
        index = endOfString(body, index);
        break;
      default:
    }
  }
  return false;
}

/** Index of the closing quote. Long strings are searched natively: an image is megabytes in one string. */
function endOfString(body: Uint8Array, start: number): number {
  let index = start + 1;
  for (const scanned = Math.min(body.length, index + 64); index < scanned; index++) {
    if (body[index] === QUOTE) return index;
    if (body[index] === BACKSLASH) index++;
  }
  for (;;) {
    const quote = body.indexOf(QUOTE, index);
    if (quote === -1) return body.length;
    let escapes = 0;
    while (quote - escapes - 1 >= index && body[quote - escapes - 1] === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return quote;
    index = quote + 1;
  }
}

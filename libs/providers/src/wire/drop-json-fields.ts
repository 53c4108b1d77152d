import { scanJsonObject } from './json-object-scan.js';

/**
 * The bytes of a JSON object without some of the fields at its top level; all other values stay the bytes they were.
 * The same bytes when there is nothing to drop, or when they are no JSON object.
 */
export function dropJsonFields(body: Uint8Array, names: readonly string[]): Uint8Array {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  // A key whose escapes are not JSON's is in no list: such a body is left to the provider to refuse.
  const scanned = scanJsonObject(bytes, names);
  if (!scanned || scanned.fields.length === 0) return body;
  const all = scanJsonObject(bytes, 'all')?.fields ?? [];
  const pieces: Buffer[] = [];
  for (const { key, start, valueEnd } of all) {
    if (names.includes(key)) continue;
    pieces.push(pieces.length === 0 ? OPEN : COMMA, bytes.subarray(start, valueEnd));
  }
  return Buffer.concat([...(pieces.length === 0 ? [OPEN] : pieces), CLOSE]);
}

const OPEN = Buffer.from('{');
const COMMA = Buffer.from(',');
const CLOSE = Buffer.from('}');

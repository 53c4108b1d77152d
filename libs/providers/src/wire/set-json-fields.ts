import { replaceBytes, scanJsonObject, type Replacement } from './json-object-scan.js';

/** From the field's value as JSON text (undefined when the object has no such field) to the value it shall have. */
export type FieldEdit = (current: string | undefined) => string;

/**
 * Sets fields at the top level of a JSON object and leaves every other byte as it is. A field that stands there more
 * than once is set everywhere, because readers differ in which they believe; one that is missing is added at the end.
 * Undefined when the bytes are not one JSON object.
 */
export function setJsonFields(bytes: Buffer, edits: Readonly<Record<string, FieldEdit>>): Buffer | undefined {
  const keys = Object.keys(edits);
  const scanned = scanJsonObject(bytes, keys);
  if (!scanned) return undefined;
  const replacements: Replacement[] = scanned.fields.map(({ key, valueStart, valueEnd }) => {
    const value = edits[key]?.(bytes.toString('utf8', valueStart, valueEnd)) ?? 'null';
    return { start: valueStart, end: valueEnd, bytes: Buffer.from(value) };
  });
  const missing = keys.filter((key) => !scanned.fields.some((field) => field.key === key));
  if (missing.length > 0) {
    const added = missing.map((key) => `${JSON.stringify(key)}:${edits[key]?.(undefined)}`).join(',');
    const piece = Buffer.from(scanned.empty ? added : `,${added}`);
    replacements.push({ start: scanned.close, end: scanned.close, bytes: piece });
  }
  return replaceBytes(bytes, replacements);
}

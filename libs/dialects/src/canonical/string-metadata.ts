import type { JsonObject } from '../json/check.js';

/** Metadata with texts for values, as every API that has it wants; other values are left out. */
export function stringMetadata(metadata: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

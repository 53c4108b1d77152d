import type { JsonObject } from './rule.js';

/**
 * Fields of a request that no rule changes: a job was admitted, routed and is billed by them. The configuration
 * refuses rules that name them; what an expression does to them is undone.
 */
export const PROTECTED_FIELDS = [
  'model',
  'models',
  'stream',
  'stream_options',
  'provider',
  'session_id',
  'preset',
] as const;

/** The document with the protected fields as they were. */
export function withProtected(document: JsonObject, before: JsonObject): JsonObject {
  const kept: Record<string, unknown> = { ...document };
  for (const field of PROTECTED_FIELDS) {
    if (Object.hasOwn(before, field)) kept[field] = before[field];
    else delete kept[field];
  }
  return kept;
}

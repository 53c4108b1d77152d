import { isObject, type JsonObject } from '../json/check.js';

/** Fields whose value is the client's own JSON, with names of its own. */
const OPAQUE: ReadonlySet<string> = new Set([
  'args',
  'response',
  'parameters',
  'parametersJsonSchema',
  'responseSchema',
  'responseJsonSchema',
  'labels',
]);

/**
 * The body with every field under its camelCase name. The API is protocol buffers in JSON, which take the
 * names of the .proto file (`generation_config`) as well; the vendor's own examples use both.
 */
export function camelCaseFields(body: JsonObject): JsonObject {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    // A plain assignment to __proto__ would change the prototype.
    if (camel === '__proto__') continue;
    result[camel] = OPAQUE.has(camel) ? value : inside(value);
  }
  return result;
}

function inside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inside);
  return isObject(value) ? camelCaseFields(value) : value;
}

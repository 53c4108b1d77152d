import type { JsonMap, JsonValue } from '@penstock/contracts';
import { isObject } from '../json/check.js';

/**
 * The vendor's Schema (OpenAPI 3.0, type names in capitals, `nullable`) as JSON schema. JSON schema comes out
 * as it went in.
 */
export function toJsonSchema(schema: JsonMap): JsonMap {
  const result: Record<string, JsonValue | undefined> = {};
  for (const [name, value] of Object.entries(schema)) {
    if (name === 'nullable' || name === 'propertyOrdering') continue;
    if (name === 'type' && typeof value === 'string')
      result['type'] = typeName(value, schema['nullable'] === true);
    else if (name === 'properties' && isObject(value)) result[name] = eachSchema(value);
    else if (name === 'items' && isObject(value)) result[name] = toJsonSchema(value);
    else if (name === 'anyOf' && Array.isArray(value)) {
      result[name] = value.map((one: JsonValue) => (isObject(one) ? toJsonSchema(one) : one));
    } else result[name] = value;
  }
  return result;
}

function eachSchema(properties: JsonMap): JsonMap {
  // fromEntries defines each name, so that a property called __proto__ is one like any other.
  return Object.fromEntries(
    Object.entries(properties).map(([name, one]) => [name, isObject(one) ? toJsonSchema(one) : one]),
  );
}

function typeName(type: string, nullable: boolean): JsonValue {
  const lower = type.toLowerCase();
  return nullable ? [lower, 'null'] : lower;
}

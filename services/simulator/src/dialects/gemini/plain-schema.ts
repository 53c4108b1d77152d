/**
 * JSON Schema out of Google's own form of it: types in capitals, and `nullable` instead of a type null. What is
 * already JSON Schema stays as it is.
 */
export function plainSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(plainSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, ...rest } = schema as Record<string, unknown>;
  const plain = Object.fromEntries(
    Object.entries(rest).map(([keyword, value]) => [keyword, plainKeyword(keyword, value)]),
  );
  return nullable === true && typeof plain['type'] === 'string'
    ? { ...plain, type: [plain['type'], 'null'] }
    : plain;
}

function plainKeyword(keyword: string, value: unknown): unknown {
  if (keyword === 'type' && typeof value === 'string') return value.toLowerCase();
  if (keyword === 'enum' || keyword === 'const') return value;
  // Google writes these as strings, being 64-bit integers.
  if (/^(min|max)(Items|Length|Properties)$/.test(keyword)) return Number(value);
  return plainSchema(value);
}

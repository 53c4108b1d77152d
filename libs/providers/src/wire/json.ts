export type JsonObject = Readonly<Record<string, unknown>>;

/** The value the text stands for; undefined when it is not JSON. JSON's own null comes back as null. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A count of something; undefined for what is not a whole number of at least 0. */
export function readCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}

/** The strings among the values, for words that a body may or may not have. */
export function strings(...values: readonly unknown[]): string[] {
  return values.filter((value) => typeof value === 'string');
}

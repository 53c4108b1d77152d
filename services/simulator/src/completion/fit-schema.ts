import type { Random } from '@penstock/resilience';

import type { JsonSchema } from './completion-request.js';
import { fitNumber } from './fit-number.js';
import { fitString } from './fit-string.js';

type Keywords = Readonly<Record<string, unknown>>;

/** Beyond this depth only what is required is made, so that a schema that contains itself comes to an end. */
const DEEP = 5;
/** Beyond this depth even what is required is cut off: such a schema has no finite instance. */
const TOO_DEEP = 24;
/** Nor does one that contains itself several times over: it would be made for ever, within that depth. */
const MOST_VALUES = 10_000;

/**
 * A value that fits the schema: the subset of JSON Schema 2020-12 that the providers accept for structured outputs and
 * tools, `$ref` into the schema itself included. Not understood, and so not honoured: `not`, `if`, `dependent…`,
 * `contains`, `pattern`, `patternProperties`, `unevaluated…`.
 */
export function fitSchema(schema: JsonSchema, random: Random): unknown {
  return fit(schema, { root: schema, random, valuesLeft: MOST_VALUES }, 0);
}

interface Fitting {
  readonly root: JsonSchema;
  readonly random: Random;
  valuesLeft: number;
}

function fit(schema: unknown, fitting: Fitting, depth: number): unknown {
  if (depth > TOO_DEEP || fitting.valuesLeft-- <= 0 || !isKeywords(schema)) return null;
  const keywords = flatten(schema, fitting, depth);
  if ('const' in keywords) return keywords['const'];
  const values = keywords['enum'];
  if (Array.isArray(values)) return values[Math.floor(fitting.random() * values.length)] ?? null;
  switch (typeOf(keywords, depth)) {
    case 'object':
      return fitObject(keywords, fitting, depth);
    case 'array':
      return fitArray(keywords, fitting, depth);
    case 'integer':
      return fitNumber(keywords, true, fitting.random);
    case 'number':
      return fitNumber(keywords, false, fitting.random);
    case 'boolean':
      return fitting.random() < 0.5;
    case 'null':
      return null;
    default:
      return fitString(keywords, fitting.random);
  }
}

/** Follows `$ref`, takes one of `anyOf` or `oneOf` and all of `allOf`, and returns one plain set of keywords. */
function flatten(schema: Keywords, fitting: Fitting, depth: number): Keywords {
  const { $ref, anyOf, oneOf, allOf, ...own } = schema;
  let merged: Keywords = own;
  const parts: unknown[] = [];
  if (typeof $ref === 'string') parts.push(resolve($ref, fitting.root));
  const alternatives = [anyOf, oneOf].filter(Array.isArray) as unknown[][];
  for (const options of alternatives) parts.push(choose(options, fitting, depth));
  if (Array.isArray(allOf)) parts.push(...(allOf as unknown[]));
  for (const part of parts) {
    if (isKeywords(part) && depth < TOO_DEEP) merged = merge(merged, flatten(part, fitting, depth + 1));
  }
  return merged;
}

function merge(one: Keywords, other: Keywords): Keywords {
  const properties = { ...asKeywords(one['properties']), ...asKeywords(other['properties']) };
  const required = [...asStrings(one['required']), ...asStrings(other['required'])];
  return {
    ...one,
    ...other,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  };
}

/** Any alternative; a deep one prefers what does not go deeper. */
function choose(options: readonly unknown[], fitting: Fitting, depth: number): unknown {
  const ends = depth < DEEP ? [] : options.filter((option) => isKeywords(option) && !goesDeeper(option));
  const candidates = ends.length > 0 ? ends : options;
  return candidates[Math.floor(fitting.random() * candidates.length)];
}

function goesDeeper(schema: Keywords): boolean {
  return ['$ref', 'anyOf', 'oneOf', 'allOf', 'properties', 'items'].some((keyword) => keyword in schema);
}

function resolve(ref: string, root: unknown): unknown {
  let found = root;
  for (const step of ref.replace(/^#\/?/, '').split('/')) {
    if (step === '') continue;
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    found = isKeywords(found) || Array.isArray(found) ? (found as Keywords)[key] : undefined;
  }
  return found;
}

function typeOf(keywords: Keywords, depth: number): string {
  const { type } = keywords;
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) {
    const types = asStrings(type);
    const [first = 'string'] = depth >= DEEP && types.includes('null') ? ['null'] : types;
    return first;
  }
  if ('properties' in keywords || 'required' in keywords) return 'object';
  if ('items' in keywords || 'prefixItems' in keywords || 'minItems' in keywords) return 'array';
  if ('minimum' in keywords || 'maximum' in keywords || 'multipleOf' in keywords) return 'number';
  return 'string';
}

function fitObject(keywords: Keywords, fitting: Fitting, depth: number): Record<string, unknown> {
  const required = asStrings(keywords['required']);
  const value: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(asKeywords(keywords['properties']))) {
    if (depth < DEEP || required.includes(name)) value[name] = fit(schema, fitting, depth + 1);
  }
  const others = keywords['additionalProperties'];
  for (const name of required) if (!(name in value)) value[name] = fit(others ?? {}, fitting, depth + 1);
  const least = Number(keywords['minProperties'] ?? 0);
  for (let i = 1; Object.keys(value).length < least && others !== false; i++) {
    value[`property${i}`] = fit(isKeywords(others) ? others : {}, fitting, depth + 1);
  }
  return value;
}

function fitArray(keywords: Keywords, fitting: Fitting, depth: number): unknown[] {
  const first = Array.isArray(keywords['prefixItems']) ? (keywords['prefixItems'] as unknown[]) : [];
  const least = Number(keywords['minItems'] ?? (depth < DEEP ? 1 : 0));
  const most = Number(keywords['maxItems'] ?? Math.max(least, first.length, 2));
  const size = Math.min(Math.max(least, first.length), most);
  const items = keywords['items'] ?? {};
  const values: unknown[] = [];
  const seen = new Set<string>();
  // Distinct items are drawn, not made: a schema that allows too few of them gets as many as chance gives.
  for (let draws = 0; values.length < size && draws < size * 20; draws++) {
    const value = fit(first[values.length] ?? items, fitting, depth + 1);
    const text = JSON.stringify(value);
    if (keywords['uniqueItems'] === true && seen.has(text)) continue;
    seen.add(text);
    values.push(value);
  }
  return values;
}

function isKeywords(value: unknown): value is Keywords {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asKeywords(value: unknown): Keywords {
  return isKeywords(value) ? value : {};
}

function asStrings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

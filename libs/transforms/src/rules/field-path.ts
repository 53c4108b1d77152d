import type { JsonObject } from './rule.js';

/** Where a field is: names from the outside in. */
export type FieldPath = readonly string[];

/** Stands for every element of a list. */
const EACH = '*';

/** Names that are no fields of any API, and reach what an object is made of. */
const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'prototype', 'constructor', '']);

/** The path that a dotted text means. Throws for one that the configuration refuses. */
export function parseFieldPath(text: string): FieldPath {
  const path = text.split('.');
  if (path.some((name) => FORBIDDEN.has(name))) throw new TypeError(`${JSON.stringify(text)} is no field.`);
  return path;
}

/** Of a field that there is not. */
export const ABSENT: unique symbol = Symbol('absent');

export interface EditOptions {
  /** Whether objects on the way that are not there are made. */
  readonly creates: boolean;
}

/**
 * The document with one field (with `*`, several) changed: `change` is given the value or ABSENT, and says what it
 * shall be, or ABSENT for none. What does not change is shared with the document, which stays as it is; a document in
 * which nothing changes is returned itself. Where something else stands than the path needs, nothing is done.
 */
export function editField(
  document: JsonObject,
  path: FieldPath,
  change: (value: unknown) => unknown,
  options: EditOptions,
): JsonObject {
  return edit(document, path, 0, change, options) as JsonObject;
}

function edit(
  value: unknown,
  path: FieldPath,
  at: number,
  change: (value: unknown) => unknown,
  options: EditOptions,
): unknown {
  const name = path[at];
  if (name === undefined) return change(value);
  if (name === EACH) {
    if (!Array.isArray(value)) return value;
    const edited = value.map((item: unknown) => edit(item, path, at + 1, change, options));
    const kept = edited.filter((item) => item !== ABSENT);
    return kept.length === value.length && kept.every((item, index) => item === value[index]) ? value : kept;
  }
  const missing = value === ABSENT;
  if (missing && !options.creates) return ABSENT;
  if (!missing && !isObject(value)) return value;
  const object = missing ? {} : value;
  const current = Object.hasOwn(object, name) ? object[name] : ABSENT;
  const next = edit(current, path, at + 1, change, options);
  if (next === current) return value;
  if (next === ABSENT) {
    const { [name]: _, ...rest } = object;
    return rest;
  }
  return { ...object, [name]: next };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of a field that is not below a list; ABSENT when there is none. */
export function readField(document: JsonObject, path: FieldPath): unknown {
  let value: unknown = document;
  for (const name of path) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return ABSENT;
    value = value[name];
  }
  return value;
}

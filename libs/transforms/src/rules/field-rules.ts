import { ABSENT, editField, isObject, parseFieldPath, readField, type FieldPath } from './field-path.js';
import type { Bounds, JsonObject } from './rule.js';

/** A change of a document: a new one, or the same where there is nothing to change. */
export type Edit = (document: JsonObject) => JsonObject;

const IN_PLACE = { creates: false };
const MAKING = { creates: true };

/** Moves a value to another name. A field that has the new name already is written over; one that is absent is not. */
export function renameField({ from, to }: { readonly from: string; readonly to: string }): Edit {
  const source = parseFieldPath(from);
  const target = parseFieldPath(to);
  const [oldName, newName] = [source.at(-1) ?? '', target.at(-1) ?? ''];
  const parent = source.slice(0, -1);
  if (parent.join('.') === target.slice(0, -1).join('.')) {
    return (document) => onParents(document, parent, (object) => renameIn(object, oldName, newName));
  }
  return (document) => {
    const value = readField(document, source);
    if (value === ABSENT) return document;
    return setAt(
      editField(document, source, () => ABSENT, IN_PLACE),
      target,
      value,
    );
  };
}

/** The same where the document itself is meant. */
function onParents(document: JsonObject, path: FieldPath, change: Edit): JsonObject {
  return editField(document, path, (value) => (isObject(value) ? change(value) : value), IN_PLACE);
}

function renameIn(object: JsonObject, from: string, to: string): JsonObject {
  if (from === to || !Object.hasOwn(object, from)) return object;
  const { [from]: value, ...rest } = object;
  return { ...rest, [to]: value };
}

/** Sets fields that are absent or null. Objects on the way to them are made. */
export function defaultFields(fields: Readonly<Record<string, unknown>>): Edit {
  return forEach(fields, (document, path, value) =>
    editField(
      document,
      path,
      (current) => (current === ABSENT || current === null ? value : current),
      MAKING,
    ),
  );
}

/** Sets fields whatever they are. Objects on the way to them are made. */
export function setFields(fields: Readonly<Record<string, unknown>>): Edit {
  return forEach(fields, setAt);
}

export function dropFields(names: readonly string[]): Edit {
  const paths = names.map(parseFieldPath);
  return (document) =>
    paths.reduce((changed, path) => editField(changed, path, () => ABSENT, IN_PLACE), document);
}

/** Brings numbers within their bounds. What is absent or no number is left alone. */
export function clampFields(fields: Readonly<Record<string, Bounds>>): Edit {
  return forEach(fields, (document, path, { min = -Infinity, max = Infinity }) =>
    editField(
      document,
      path,
      (value) => (typeof value === 'number' ? Math.min(max, Math.max(min, value)) : value),
      IN_PLACE,
    ),
  );
}

function setAt(document: JsonObject, path: FieldPath, value: unknown): JsonObject {
  return editField(document, path, () => value, MAKING);
}

function forEach<T>(
  fields: Readonly<Record<string, T>>,
  change: (document: JsonObject, path: FieldPath, value: T) => JsonObject,
): Edit {
  const changes = Object.entries(fields).map(([name, value]) => [parseFieldPath(name), value] as const);
  return (document) => changes.reduce((changed, [path, value]) => change(changed, path, value), document);
}

import type { JsonMap, JsonValue } from '@penstock/contracts';
import { isObject } from '../json/check.js';

/** The value that a JSON text holds; the text itself where it is no JSON, so that nothing is lost. */
export function parseJsonText(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

/**
 * A tool call's arguments as the object that Anthropic and Google want. Models make mistakes: arguments that
 * are no object stand under `value` in one.
 */
export function argumentsObject(text: string): JsonMap {
  // A call without arguments is streamed as no text at all.
  if (text.trim() === '') return {};
  const value = parseJsonText(text);
  return isObject(value) ? value : { value };
}

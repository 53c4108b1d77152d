import { countTokens } from '../completion/count-tokens.js';
import type { FieldReader } from './field-reader.js';

/** One text of an `input` or `prompt`. Tokens that the caller made itself count as many as they are. */
export interface TextInput {
  readonly text: string;
  readonly tokens: number;
}

/** Reads what OpenAI takes there: a text, texts, tokens, or lists of tokens; at most `most` of them, at least one. */
export function readTextInputs(fields: FieldReader, name: string, most: number): TextInput[] {
  const value = fields.raw(name);
  const inputs = isTokens(value) ? [value] : Array.isArray(value) ? (value as unknown[]) : [value];
  if (
    inputs.length === 0 ||
    inputs.length > most ||
    !inputs.every((input) => isText(input) || isTokens(input))
  ) {
    const wanted = `a string or an array of 1 to ${most} strings or token arrays`;
    fields.reject(
      name,
      value === undefined
        ? `Missing required parameter: '${name}'.`
        : `Invalid '${name}': expected ${wanted}.`,
    );
    return [];
  }
  return inputs.map((input) =>
    isTokens(input)
      ? { text: input.join(' '), tokens: input.length }
      : { text: String(input), tokens: countTokens(String(input)) },
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTokens(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((token) => Number.isInteger(token));
}

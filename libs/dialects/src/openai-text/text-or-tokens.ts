import type { TokenTally } from '../estimate-tokens.js';
import { arrayOf, either, integer, isArray, isString, nonEmptyString, type Check } from '../json/check.js';

/** The input of embeddings and text completions: one text or many, or the same as token ids. */
export type TextOrTokens = string | readonly string[] | readonly number[] | readonly (readonly number[])[];

const tokens = arrayOf(integer(0), 1);

const item = either(
  'a string or an array of integers',
  [isString, nonEmptyString],
  [isArray, tokens],
  [(value) => typeof value === 'number', integer(0)],
);

/** A text of length nought is refused, as by the vendor: there is nothing to embed or to complete. */
export const textOrTokens: Check = either(
  'a string or an array',
  [isString, nonEmptyString],
  [isArray, arrayOf(item, 1)],
);

/** How many inputs it holds: each gets an answer of its own. */
export function countInputs(input: TextOrTokens): number {
  return typeof input === 'string' || typeof input[0] === 'number' ? 1 : input.length;
}

export function tallyInput(input: TextOrTokens, tally: TokenTally): void {
  if (typeof input === 'string') return tally.text(input);
  for (const one of input) {
    if (typeof one === 'string') tally.text(one);
    else tally.ids(typeof one === 'number' ? 1 : one.length);
  }
}

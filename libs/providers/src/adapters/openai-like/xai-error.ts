import type { JsonObject } from '../../wire/json.js';
import type { ErrorWords } from '../../wire/status-failure.js';
import { readOpenAiError } from '../openai/openai-error.js';

/**
 * xAI's codes are those of gRPC, and one of them stands for several things: a wrong key comes as a 400 with the code of
 * a wrong argument, spent credits as the 429 of a limit, filtered content as the 403 of a forbidden one. Only the
 * sentence tells them apart.
 */
const SENTENCES: readonly (readonly [RegExp, word: string])[] = [
  [/^incorrect api key/i, 'invalid_api_key'],
  [/used all available credits|spending limit/i, 'insufficient_quota'],
  [/violates usage guidelines/i, 'content_policy_violation'],
];

/** Reads `{code: "…", error: "…"}`, as xAI has it, and OpenAI's shape. Undefined for a body that is no error. */
export function readXaiError(body: JsonObject): ErrorWords | undefined {
  const said = readOpenAiError(body);
  const told = said && SENTENCES.find(([sentence]) => sentence.test(said.message));
  return told ? { ...said, words: [told[1], ...said.words] } : said;
}

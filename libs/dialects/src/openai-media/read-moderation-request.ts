import type { Read, RequestSummary } from '@penstock/contracts';
import { TokenTally } from '../estimate-tokens.js';
import {
  anyObject,
  arrayOf,
  by,
  either,
  isArray,
  isString,
  nonEmptyString,
  object,
  string,
} from '../json/check.js';
import { readJson } from '../json/read-json.js';

/** What OpenAI takes when a request names none; a deployment may offer a model of that name. */
export const DEFAULT_MODERATION_MODEL = 'omni-moderation-latest';

type Input = string | readonly (string | { readonly type: string; readonly text?: string })[];

const part = by('type', { text: object({ text: string }, ['text']) }, anyObject);

const checkRequest = object(
  {
    model: nonEmptyString,
    input: either(
      'a string or an array',
      [isString, string],
      [isArray, arrayOf(either('a string or an object', [isString, string], [() => true, part]), 1)],
    ),
  },
  ['input'],
);

/** What admission has to know of a moderation's body. A moderation has no output tokens. */
export function readModerationRequest(body: Uint8Array): Read<RequestSummary> {
  const read = readJson(body, checkRequest);
  if (!read.ok) return read;
  const tally = new TokenTally();
  const input = read.value['input'] as Input;
  for (const one of typeof input === 'string' ? [input] : input) {
    if (typeof one === 'string') tally.text(one);
    else if (one.text !== undefined) tally.text(one.text);
    else tally.attachment('image');
  }
  return {
    ok: true,
    value: {
      model: (read.value['model'] as string | null | undefined) ?? DEFAULT_MODERATION_MODEL,
      stream: false,
      estimatedInputTokens: tally.total(),
      maxOutputTokens: 0,
    },
  };
}

import type { Read, RequestSummary } from '@penstock/contracts';
import { TokenTally } from '../estimate-tokens.js';
import { boolean, integer, object, string, type Check } from '../json/check.js';
import { readWishes } from '../routing/read-wishes.js';
import { readJson } from '../json/read-json.js';
import { samplingFields, streamOptionsNeedStream } from '../openai-chat/check-request.js';
import { countInputs, tallyInput, textOrTokens } from '../openai-text/text-or-tokens.js';
import type { CompletionsRequest } from './request.js';

/** What the API generates when the client sets no bound. */
export const DEFAULT_MAX_TOKENS = 16;

const fields = object(
  {
    ...samplingFields,
    prompt: textOrTokens,
    max_tokens: integer(0),
    logprobs: integer(0, 5),
    echo: boolean,
    suffix: string,
    best_of: integer(1, 20),
  },
  ['model', 'prompt'],
);

export const checkCompletionsRequest: Check = (value) => fields(value) ?? streamOptionsNeedStream(value);

/** What admission has to know of a text completions body. */
export function readCompletionsRequest(body: Uint8Array): Read<RequestSummary> {
  const read = readJson(body, checkCompletionsRequest);
  if (!read.ok) return read;
  const request = read.value as unknown as CompletionsRequest;
  const tally = new TokenTally();
  tallyInput(request.prompt, tally);
  if (request.suffix) tally.text(request.suffix);
  // best_of answers are generated and charged for a prompt, whatever n of them are returned.
  const answers = countInputs(request.prompt) * Math.max(request.n ?? 1, request.best_of ?? 1);
  return {
    ok: true,
    value: {
      model: request.model,
      stream: request.stream === true,
      estimatedInputTokens: tally.total(),
      maxOutputTokens: (request.max_tokens ?? DEFAULT_MAX_TOKENS) * answers,
      ...readWishes(read.value, {}),
    },
  };
}

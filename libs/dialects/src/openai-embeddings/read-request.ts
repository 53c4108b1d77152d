import type { Read, RequestSummary } from '@penstock/contracts';
import { TokenTally } from '../estimate-tokens.js';
import { integer, nonEmptyString, object, oneOf, string } from '../json/check.js';
import { tallyInput, textOrTokens, type TextOrTokens } from '../openai-text/text-or-tokens.js';
import { readWishes } from '../routing/read-wishes.js';
import { readJson } from '../json/read-json.js';
import { readLabels } from '../routing/read-labels.js';

const checkRequest = object(
  {
    model: nonEmptyString,
    input: textOrTokens,
    encoding_format: oneOf('float', 'base64'),
    dimensions: integer(1),
    user: string,
  },
  ['model', 'input'],
);

/** What admission has to know of an embeddings body. An embedding has no output tokens. */
export function readEmbeddingsRequest(body: Uint8Array): Read<RequestSummary> {
  const read = readJson(body, checkRequest);
  if (!read.ok) return read;
  const tally = new TokenTally();
  tallyInput(read.value['input'] as TextOrTokens, tally);
  return {
    ok: true,
    value: {
      model: read.value['model'] as string,
      stream: false,
      estimatedInputTokens: tally.total(),
      maxOutputTokens: 0,
      ...readLabels(read.value),
      ...readWishes(read.value, {}),
    },
  };
}

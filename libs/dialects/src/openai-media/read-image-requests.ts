import type { Read, RequestSummary } from '@penstock/contracts';
import type { RequestAddress } from '../dialect.js';
import { ATTACHMENT_TOKENS, TokenTally } from '../estimate-tokens.js';
import {
  anyObject,
  arrayOf,
  boolean,
  either,
  integer,
  isArray,
  isObject,
  nonEmptyString,
  object,
  oneOf,
  string,
  type JsonObject,
} from '../json/check.js';
import { readJson } from '../json/read-json.js';
import { readLabels } from '../routing/read-labels.js';
import { readFormOrJson } from './read-form-request.js';

const shared = { model: nonEmptyString, prompt: nonEmptyString, size: string, quality: string, user: string };

const MOST_IMAGES = 10;

const checkGeneration = object({ ...shared, n: integer(1, MOST_IMAGES), stream: boolean }, [
  'model',
  'prompt',
]);

const checkEdit = {
  json: object({ ...shared, n: integer(1, MOST_IMAGES), stream: boolean, images: arrayOf(anyObject, 1) }, [
    'model',
    'prompt',
    'images',
  ]),
  form: object(
    {
      ...shared,
      n: oneOf(...Array.from({ length: MOST_IMAGES }, (_, at) => String(at + 1))),
      stream: oneOf('true', 'false'),
      image: either('a file', [isObject, anyObject], [isArray, arrayOf(anyObject, 1)]),
      mask: anyObject,
    },
    ['model', 'prompt', 'image'],
  ),
};

/** What admission has to know of the body of `POST /v1/images/generations`. */
export function readImageGeneration(body: Uint8Array): Read<RequestSummary> {
  const read = readJson(body, checkGeneration);
  return read.ok ? { ok: true, value: summary(read.value, 0) } : read;
}

/** The same for `POST /v1/images/edits`, a form with pictures in it or JSON that points to them. */
export function readImageEdit(body: Uint8Array, address?: RequestAddress): Read<RequestSummary> {
  const read = readFormOrJson(body, address?.contentType, checkEdit);
  return read.ok ? { ok: true, value: summary(read.value, 1) } : read;
}

function summary(fields: JsonObject, pictures: number): RequestSummary {
  const tally = new TokenTally();
  tally.text(fields['prompt'] as string);
  for (let at = 0; at < pictures; at++) tally.attachment('image');
  return {
    model: fields['model'] as string,
    stream: fields['stream'] === true || fields['stream'] === 'true',
    estimatedInputTokens: tally.total(),
    maxOutputTokens: Number(fields['n'] ?? 1) * ATTACHMENT_TOKENS.image,
    ...readLabels(fields),
  };
}

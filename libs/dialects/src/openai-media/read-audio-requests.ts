import type { Read, RequestSummary } from '@penstock/contracts';
import type { RequestAddress } from '../dialect.js';
import { TokenTally } from '../estimate-tokens.js';
import {
  anyObject,
  either,
  isObject,
  isString,
  nonEmptyString,
  number,
  object,
  oneOf,
  string,
} from '../json/check.js';
import { readJson } from '../json/read-json.js';
import { readFormRequest } from './read-form-request.js';

const checkSpeech = object(
  {
    model: nonEmptyString,
    input: nonEmptyString,
    voice: either('a string or an object', [isString, nonEmptyString], [isObject, anyObject]),
    response_format: string,
    speed: number(0.25, 4),
    instructions: string,
    stream_format: oneOf('sse', 'audio'),
  },
  ['model', 'input', 'voice'],
);

const checkRecording = object(
  {
    model: nonEmptyString,
    file: anyObject,
    prompt: string,
    language: string,
    response_format: string,
    stream: oneOf('true', 'false'),
  },
  ['model', 'file'],
);

/** What admission has to know of the body of `POST /v1/audio/speech`. Its answer is sound, or a stream of events. */
export function readSpeechRequest(body: Uint8Array): Read<RequestSummary> {
  const read = readJson(body, checkSpeech);
  if (!read.ok) return read;
  const { model, input, instructions, stream_format: format } = read.value;
  const tally = new TokenTally();
  tally.text(input as string);
  if (typeof instructions === 'string') tally.text(instructions);
  return {
    ok: true,
    value: {
      model: model as string,
      stream: format === 'sse',
      estimatedInputTokens: tally.total(),
      maxOutputTokens: undefined,
    },
  };
}

/** The same for `POST /v1/audio/transcriptions` and `/translations`: forms with a recording in them. */
export function readRecordingRequest(body: Uint8Array, address?: RequestAddress): Read<RequestSummary> {
  const read = readFormRequest(body, address?.contentType, checkRecording);
  if (!read.ok) return read;
  const { model, prompt, stream } = read.value;
  const tally = new TokenTally();
  tally.attachment('audio');
  if (typeof prompt === 'string') tally.text(prompt);
  return {
    ok: true,
    value: {
      model: model as string,
      stream: stream === 'true',
      estimatedInputTokens: tally.total(),
      maxOutputTokens: undefined,
    },
  };
}

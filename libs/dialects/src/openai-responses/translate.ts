import type { CanonicalResult, Read } from '@penstock/contracts';
import { resultParts } from '../canonical/result-parts.js';
import { Shortfalls } from '../canonical/shortfalls.js';
import { encodeJson } from '../json/encode-json.js';
import { readJson } from '../json/read-json.js';
import type { AnswerIdentity, Translation } from '../translation.js';
import { checkResponsesRequest } from './check-request.js';
import type { ResponsesRequest } from './request.js';
import { ResponseAssembly, type ResponseEvent } from './response-assembly.js';
import type { FinishedResponse } from './response-object.js';
import { ResponsesStream } from './stream.js';
import { responsesToCanonical } from './to-canonical.js';

export function translateResponses(body: Uint8Array): Read<Translation> {
  const read = readJson(body, checkResponsesRequest);
  if (!read.ok) return read;
  const request = read.value as unknown as ResponsesRequest;
  const shortfalls = new Shortfalls();
  const call = responsesToCanonical(request, shortfalls);
  return shortfalls.conclude((dropped) => ({
    call,
    dropped,
    renderResult: (result, identity) => encodeJson(assembled(result, request, identity)),
    startStream: (identity) => new ResponsesStream(request, identity),
  }));
}

/** The events on the way are told to nobody; the last one holds the whole answer. */
function assembled(result: CanonicalResult, request: ResponsesRequest, identity: AnswerIdentity): object {
  const assembly = new ResponseAssembly(request, identity);
  let last: ResponseEvent | undefined;
  for (const part of resultParts(result)) for (const event of assembly.apply(part)) last = event;
  return last?.['response'] as FinishedResponse;
}

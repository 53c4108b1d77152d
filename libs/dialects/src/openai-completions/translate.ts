import type { Read } from '@penstock/contracts';
import { Shortfalls } from '../canonical/shortfalls.js';
import { encodeJson } from '../json/encode-json.js';
import { readJson } from '../json/read-json.js';
import type { Translation } from '../translation.js';
import { textCompletion } from './from-canonical.js';
import { checkCompletionsRequest } from './read-request.js';
import type { CompletionsRequest } from './request.js';
import { TextStream } from './stream.js';
import { completionsToCanonical } from './to-canonical.js';

export function translateCompletions(body: Uint8Array): Read<Translation> {
  const read = readJson(body, checkCompletionsRequest);
  if (!read.ok) return read;
  const request = read.value as unknown as CompletionsRequest;
  const shortfalls = new Shortfalls();
  const call = completionsToCanonical(request, shortfalls);
  const includeUsage = request.stream_options?.include_usage === true;
  return shortfalls.conclude((dropped) => ({
    call,
    dropped,
    renderResult: (result, identity) => encodeJson(textCompletion(result, identity)),
    startStream: (identity) => new TextStream(identity, includeUsage),
  }));
}

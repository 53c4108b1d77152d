import type { Read } from '@penstock/contracts';
import { Shortfalls } from '../canonical/shortfalls.js';
import { encodeJson } from '../json/encode-json.js';
import type { Translation } from '../translation.js';
import { generateResponse } from './from-canonical.js';
import { readGenerateBody } from './read-request.js';
import { GenerateStream } from './stream.js';
import { geminiToCanonical } from './to-canonical.js';

export function translateGenerate(body: Uint8Array): Read<Translation> {
  const read = readGenerateBody(body);
  if (!read.ok) return read;
  const shortfalls = new Shortfalls();
  const call = geminiToCanonical(read.value, shortfalls);
  const includeThoughts = read.value.generationConfig?.thinkingConfig?.includeThoughts === true;
  return shortfalls.conclude((dropped) => ({
    call,
    dropped,
    renderResult: (result, identity) => encodeJson(generateResponse(result, includeThoughts, identity)),
    startStream: (identity) => new GenerateStream(includeThoughts, identity),
  }));
}

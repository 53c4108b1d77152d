import type { Read } from '@penstock/contracts';
import { Shortfalls } from '../canonical/shortfalls.js';
import { encodeJson } from '../json/encode-json.js';
import { readJson } from '../json/read-json.js';
import type { Translation } from '../translation.js';
import { checkChatRequest } from './check-request.js';
import { chatCompletion } from './from-canonical.js';
import type { ChatRequest } from './request.js';
import { ChatStream } from './stream.js';
import { chatToCanonical } from './to-canonical.js';

export function translateChat(body: Uint8Array): Read<Translation> {
  const read = readJson(body, checkChatRequest);
  if (!read.ok) return read;
  const request = read.value as unknown as ChatRequest;
  const shortfalls = new Shortfalls();
  const call = chatToCanonical(request, shortfalls);
  const includeUsage = request.stream_options?.include_usage === true;
  return shortfalls.conclude((dropped) => ({
    call,
    dropped,
    renderResult: (result, identity) => encodeJson(chatCompletion(result, identity)),
    startStream: (identity) => new ChatStream(identity, includeUsage),
  }));
}

import type { Read } from '@penstock/contracts';
import { Shortfalls } from '../canonical/shortfalls.js';
import { encodeJson } from '../json/encode-json.js';
import { readJson } from '../json/read-json.js';
import type { Translation } from '../translation.js';
import { checkMessagesRequest } from './check-request.js';
import { anthropicMessage } from './from-canonical.js';
import type { MessagesRequest } from './request.js';
import { MessageStream } from './stream.js';
import { anthropicToCanonical } from './to-canonical.js';

export function translateMessages(body: Uint8Array): Read<Translation> {
  const read = readJson(body, checkMessagesRequest);
  if (!read.ok) return read;
  const shortfalls = new Shortfalls();
  const call = anthropicToCanonical(read.value as unknown as MessagesRequest, shortfalls);
  return shortfalls.conclude((dropped) => ({
    call,
    dropped,
    renderResult: (result, identity) => encodeJson(anthropicMessage(result, identity)),
    startStream: (identity) => new MessageStream(identity),
  }));
}

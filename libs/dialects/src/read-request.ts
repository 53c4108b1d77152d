import type { Api, Read, RequestSummary } from '@penstock/contracts';
import type { RequestAddress } from './dialect.js';
import { DIALECTS } from './dialects.js';

/**
 * Reads a request's body as far as admission needs it: is it a request of that API, for which model, streamed
 * or not, how large. Never throws. A refusal's `param` is the path of the field at fault
 * (`messages[0].role`), and its message repeats no text of the body.
 *
 * `address` is what the URL says of it; only Gemini's API needs it. The body is not changed by reading: what
 * goes to the provider are the client's own bytes.
 */
export function readRequest(api: Api, body: Uint8Array, address?: RequestAddress): Read<RequestSummary> {
  return DIALECTS[api].readRequest(body, address);
}

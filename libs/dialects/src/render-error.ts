import type { Api, Refusal } from '@penstock/contracts';
import { DIALECTS } from './dialects.js';
import type { RenderedError } from './rendered-error.js';

/** A refusal as an HTTP answer that the API's own clients turn into their own error classes. */
export function renderError(api: Api, refusal: Refusal, requestId: string): RenderedError {
  return DIALECTS[api].renderError(refusal, requestId);
}

/**
 * A refusal as the last event of a stream that has already begun: one whole server-sent event that the API's
 * own clients throw on. Nothing may follow it, `[DONE]` least of all. `before` is what was sent last: some APIs
 * number their events.
 */
export function renderStreamError(api: Api, refusal: Refusal, before?: Uint8Array): Uint8Array {
  return DIALECTS[api].renderStreamError(refusal, before);
}

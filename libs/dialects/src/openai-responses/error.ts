import type { Refusal } from '@penstock/contracts';
import { encodeEvent } from '../sse/encode-event.js';

/**
 * A broken stream of the Responses API: its `error` event. `sequenceNumber` counts the events of the stream
 * from 0; it is 0 where the error is all there is.
 */
export function renderResponsesStreamError(refusal: Refusal, sequenceNumber = 0): Uint8Array {
  const { code, message, param } = refusal;
  return encodeEvent(
    { type: 'error', code, message, param: param ?? null, sequence_number: sequenceNumber },
    'error',
  );
}

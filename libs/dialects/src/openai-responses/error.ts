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

const NUMBER = /"sequence_number": ?(\d+)/g;

/** The same for a stream whose events were not counted: its number follows the last one of what was sent before. */
export function renderResponsesErrorAfter(refusal: Refusal, before?: Uint8Array): Uint8Array {
  // A text that quotes the field has its quotation marks escaped, so that it is not found.
  const numbers = before ? [...Buffer.from(before).toString().matchAll(NUMBER)] : [];
  const last = numbers.at(-1)?.[1];
  return renderResponsesStreamError(refusal, last === undefined ? 0 : Number(last) + 1);
}

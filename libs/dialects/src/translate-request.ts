import { refusal, type Api, type Read } from '@penstock/contracts';
import { DIALECTS } from './dialects.js';
import type { Translation } from './translation.js';

/**
 * Takes a client's request out of its dialect, for a provider that speaks another one, and gives the way back
 * for the answer. Never throws. Refused: what `readRequest` refuses, and what no other API can be asked
 * (`unprocessable`, with the field in `param`); everything lesser is listed in `dropped`.
 */
export function translateRequest(api: Api, body: Uint8Array): Read<Translation> {
  const { translate } = DIALECTS[api];
  if (translate !== undefined) return translate(body);
  const message = `Requests of ${api} can only be served by a provider that speaks it.`;
  return { ok: false, refusal: refusal('unprocessable', { message }) };
}

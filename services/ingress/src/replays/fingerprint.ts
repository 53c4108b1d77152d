import { createHash } from 'node:crypto';
import type { RequestAddress } from '@penstock/dialects';

/** What a request is to become: the same bytes in another place are another request. */
export type Entrance = 'call' | 'job' | 'background' | 'redrive' | 'batch' | 'message batch';

/**
 * What makes two requests the same one: the API, what the URL says, and every byte of the body, but for the boundary
 * of a form, which clients draw anew each time.
 */
export function fingerprintOf(
  entrance: Entrance,
  api: string,
  body: Uint8Array,
  address: RequestAddress = {},
): string {
  const { model = null, stream = null, contentType } = address;
  const digest = createHash('sha256').update(`${JSON.stringify([entrance, api, model, stream])}\n`);
  const boundary = /boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType ?? '');
  for (const piece of without(body, boundary?.[1] ?? boundary?.[2])) digest.update(piece);
  return digest.digest('base64url');
}

/** The bytes between the places where `text` stands. */
function without(body: Uint8Array, text: string | undefined): Uint8Array[] {
  if (text === undefined) return [body];
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, from)) {
    pieces.push(bytes.subarray(from, at));
    from = at + text.length;
  }
  return [...pieces, bytes.subarray(from)];
}

import { refusal, type Read } from '@penstock/contracts';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** Reads `Idempotency-Key`; undefined when the request has none. */
export function readIdempotencyKey(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Read<string | undefined> {
  const [key] = [headers['idempotency-key']].flat();
  if (key === undefined || KEY.test(key)) return { ok: true, value: key };
  const message = 'An idempotency key has 1 to 255 visible ASCII characters.';
  return { ok: false, refusal: refusal('invalid_request', { param: 'Idempotency-Key', message }) };
}

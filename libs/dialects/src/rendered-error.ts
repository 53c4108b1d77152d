import { ERRORS, type Refusal } from '@penstock/contracts';
import { encodeJson } from './json/encode-json.js';

/** An error as an HTTP answer in the client's dialect. */
export interface RenderedError {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** In lower case. `retry-after` is in whole seconds, never less than the refusal asks for. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Wraps a dialect's error body. Every dialect gets `x-penstock-error-code`, the one name by which an error is
 * found in the catalogue whatever shape the dialect gives it, and the request's id under the name that the
 * vendor's client reads it by.
 */
export function errorAnswer(
  refusal: Refusal,
  body: object,
  requestId: readonly [string, string],
): RenderedError {
  const headers: Record<string, string> = {
    'x-penstock-error-code': refusal.code,
    [requestId[0]]: requestId[1],
  };
  if (refusal.retryAfterMs !== undefined)
    headers['retry-after'] = String(retryAfterSeconds(refusal.retryAfterMs));
  return {
    status: ERRORS[refusal.code].status,
    contentType: 'application/json',
    body: encodeJson(body),
    headers,
  };
}

/** At least one second: a client told 0 would come back at once. */
export function retryAfterSeconds(retryAfterMs: number): number {
  return Math.max(1, Math.ceil(retryAfterMs / 1_000));
}

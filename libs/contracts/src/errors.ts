/**
 * Every error a caller can be shown: one entry a code, in one place. `docs/errors.md` lists exactly these, and
 * a test holds the two together. Codes are stable for ever; messages may get better.
 *
 * `type` is the family in the API's error shape, `remedy` says what the caller can do about it.
 */
export const ERRORS = {
  malformed_json: {
    status: 400,
    type: 'invalid_request_error',
    summary: 'The body is not valid JSON.',
    remedy: 'Send one JSON object, encoded as UTF-8.',
  },
  invalid_request: {
    status: 400,
    type: 'invalid_request_error',
    summary: 'A field is missing or has a wrong value.',
    remedy: 'Correct the field that `param` names.',
  },
  unknown_class: {
    status: 400,
    type: 'invalid_request_error',
    summary: 'There is no such priority class.',
    remedy: 'Use interactive, standard or batch.',
  },
  unknown_api: {
    status: 400,
    type: 'invalid_request_error',
    summary: 'There is no such API.',
    remedy: 'Use one of the names that the message lists.',
  },
  deadline_in_the_past: {
    status: 400,
    type: 'invalid_request_error',
    summary: 'The deadline has already passed.',
    remedy: 'Send a deadline in the future, or none.',
  },
  reply_subject_refused: {
    status: 400,
    type: 'invalid_request_error',
    summary: 'Answers are not sent to that subject.',
    remedy: 'Use an inbox, or a subject below replies.<your tenant>.',
  },
  missing_api_key: {
    status: 401,
    type: 'authentication_error',
    summary: 'There is no API key in the request.',
    remedy: 'Send the header Authorization: Bearer <key>.',
  },
  invalid_api_key: {
    status: 401,
    type: 'authentication_error',
    summary: 'The API key is not known here.',
    remedy: 'Check the key against penstock.yaml.',
  },
  tenant_mismatch: {
    status: 403,
    type: 'permission_error',
    summary: 'The key does not belong to that tenant.',
    remedy: 'Use a key of the tenant, or leave the tenant out.',
  },
  unknown_tenant: {
    status: 403,
    type: 'permission_error',
    summary: 'There is no such tenant.',
    remedy: 'Publish to jobs.<class>.<tenant> with a tenant of penstock.yaml.',
  },
  model_not_found: {
    status: 404,
    type: 'invalid_request_error',
    summary: 'There is no such model.',
    remedy: 'GET /v1/models lists those this key may use.',
  },
  preset_not_found: {
    status: 404,
    type: 'invalid_request_error',
    summary: 'There is no such preset, or no such version of it.',
    remedy: 'Use one of `presets`, with @version behind it or not.',
  },
  job_not_found: {
    status: 404,
    type: 'invalid_request_error',
    summary: 'There is no such job, or its result has passed its time.',
    remedy: 'Check the id; results are kept for the time in `results.ttl`.',
  },
  file_not_found: {
    status: 404,
    type: 'invalid_request_error',
    summary: 'There is no such file.',
    remedy: 'GET /v1/files lists those this key may read.',
  },
  batch_not_found: {
    status: 404,
    type: 'invalid_request_error',
    summary: 'There is no such batch.',
    remedy: 'GET /v1/batches lists those this key may read.',
  },
  dead_letter_not_found: {
    status: 404,
    type: 'invalid_request_error',
    summary: 'There is no such dead letter.',
    remedy: 'GET /v1/dead_letters lists them.',
  },
  route_not_found: {
    status: 404,
    type: 'invalid_request_error',
    summary: 'There is no such endpoint.',
    remedy: 'docs/api.md lists the endpoints.',
  },
  method_not_allowed: {
    status: 405,
    type: 'invalid_request_error',
    summary: 'The endpoint does not take that method.',
    remedy: 'Use the method that the `Allow` header names.',
  },
  job_running: {
    status: 409,
    type: 'invalid_request_error',
    summary: 'The job has no result yet.',
    remedy: 'Ask again later, or wait with ?wait=30s.',
  },
  answer_not_kept: {
    status: 409,
    type: 'invalid_request_error',
    summary: 'The job of this idempotency key has ended, and its answer was not kept.',
    remedy: 'Send the request under another key to have it answered anew.',
  },
  stream_not_resumable: {
    status: 409,
    type: 'invalid_request_error',
    summary: 'There is no stream that could be continued behind that event.',
    remedy: 'Send the request without Last-Event-ID to have the answer from its beginning.',
  },
  batch_not_cancellable: {
    status: 409,
    type: 'invalid_request_error',
    summary: 'The batch has already ended.',
    remedy: 'Nothing is left to cancel.',
  },
  body_too_large: {
    status: 413,
    type: 'invalid_request_error',
    summary: 'The body is larger than this server takes.',
    remedy: 'Send less, or raise `limits.bodyBytes`.',
  },
  unsupported_media_type: {
    status: 415,
    type: 'invalid_request_error',
    summary: 'The body is not of a kind this endpoint takes.',
    remedy: 'Send application/json, or multipart/form-data for files.',
  },
  unprocessable: {
    status: 422,
    type: 'invalid_request_error',
    summary: 'The request is well formed, but cannot be done.',
    remedy: 'See the message for what stands in the way.',
  },
  transform_failed: {
    status: 422,
    type: 'invalid_request_error',
    summary: 'A rule could not be applied to the request or its answer.',
    remedy: 'See the message for the rule, and correct it in `transforms`.',
  },
  retention_required: {
    status: 422,
    type: 'invalid_request_error',
    summary:
      'Nothing of this tenant is kept (`data.zeroRetention`), and this would lie here until it is fetched.',
    remedy: 'Make a call and wait for its answer; a publisher names `Penstock-Reply-To`.',
  },
  idempotency_key_reused: {
    status: 422,
    type: 'invalid_request_error',
    summary: 'The idempotency key was used for another request.',
    remedy: 'Send a key of its own with every request; only a repeated request has the key of the first.',
  },
  lane_full: {
    status: 429,
    type: 'rate_limit_error',
    summary: 'Too many of your jobs are already waiting in this class.',
    remedy: 'Wait for the time in Retry-After.',
  },
  rate_limited: {
    status: 429,
    type: 'rate_limit_error',
    summary: 'Every provider of the model has reached its rate limit.',
    remedy: 'Wait for the time in Retry-After, or use the class standard, which waits for you.',
  },
  reader_stalled: {
    status: 408,
    type: 'timeout_error',
    summary: 'The stream was ended because its caller had stopped reading it.',
    remedy: 'Read the stream as it comes; `limits.readerStall` says how long it may stand still.',
  },
  client_closed_request: {
    status: 499,
    type: 'invalid_request_error',
    summary: 'The caller left or cancelled the job.',
    remedy: 'Nothing is left to do.',
  },
  internal_error: {
    status: 500,
    type: 'server_error',
    summary: 'Penstock failed.',
    remedy: 'Report it with the job id; the request may be sent again.',
  },
  provider_error: {
    status: 502,
    type: 'server_error',
    summary: 'Every attempt allowed ended in an error at the provider.',
    remedy: 'Send it again later; GET /v1/dead_letters shows the history.',
  },
  stream_interrupted: {
    status: 502,
    type: 'server_error',
    summary: 'The provider broke off in the middle of the answer.',
    remedy: 'Send it again; what came so far is not complete.',
  },
  unavailable: {
    status: 503,
    type: 'server_error',
    summary: 'The job cannot be stored now.',
    remedy: 'Send it again after the time in Retry-After; nothing was accepted.',
  },
  no_capacity: {
    status: 503,
    type: 'server_error',
    summary: 'The job could not start in the time its class allows.',
    remedy: 'Wait for the time in Retry-After, or use the class standard, which waits for you.',
  },
  deadline_exceeded: {
    status: 504,
    type: 'timeout_error',
    summary: 'The deadline passed before the job was done.',
    remedy: 'Give it more time.',
  },
} as const satisfies Record<string, ErrorEntry>;

export interface ErrorEntry {
  readonly status: number;
  readonly type:
    | 'invalid_request_error'
    | 'authentication_error'
    | 'permission_error'
    | 'rate_limit_error'
    | 'server_error'
    | 'timeout_error';
  readonly summary: string;
  readonly remedy: string;
}

export type ErrorCode = keyof typeof ERRORS;

/** An error on its way to a caller, as a value: no dialect yet, and nothing in it that must not be seen. */
export interface Refusal {
  readonly code: ErrorCode;
  /** One sentence for a person; by default the catalogue's summary and remedy. */
  readonly message: string;
  /** The field at fault, as a path in the caller's own terms. */
  readonly param?: string;
  readonly retryAfterMs?: number;
}

export function refusal(
  code: ErrorCode,
  detail: { readonly message?: string; readonly param?: string; readonly retryAfterMs?: number } = {},
): Refusal {
  const entry: ErrorEntry = ERRORS[code];
  return { code, ...detail, message: detail.message ?? `${entry.summary} ${entry.remedy}` };
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERRORS, value);
}

/** A refusal as an exception, for the edges of an HTTP server that know no other way out. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

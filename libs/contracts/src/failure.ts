import type { ErrorCode } from './errors.js';

/**
 * Why an attempt failed, as a closed set. The kind decides what happens next, so that no other place has to
 * look at a status code or a message.
 *
 * - `caller`: the request itself is at fault, or nobody wants its answer any more. Never retried.
 * - `provider`: this deployment is at fault. Retried on another one; counts against its breaker.
 * - `overload`: this deployment has no room now. Retried elsewhere or later; does not count against its breaker.
 * - `ours`: Penstock is at fault. Retried, and logged as an error.
 */
export type FailureKind = 'caller' | 'provider' | 'overload' | 'ours';

export const FAILURE_REASONS = {
  invalid_request: 'caller',
  context_length_exceeded: 'caller',
  content_filtered: 'caller',
  transform_failed: 'caller',
  aborted: 'caller',
  outrun: 'caller',
  unread: 'caller',
  credential_refused: 'provider',
  model_missing: 'provider',
  server_error: 'provider',
  timed_out: 'provider',
  connection_failed: 'provider',
  malformed_response: 'provider',
  stream_interrupted: 'provider',
  rate_limited: 'overload',
  overloaded: 'overload',
  no_slot: 'overload',
  internal: 'ours',
  worker_lost: 'ours',
  preset_missing: 'ours',
} as const satisfies Record<string, FailureKind>;

export type FailureReason = keyof typeof FAILURE_REASONS;

export interface Failure {
  readonly reason: FailureReason;
  /** For people and logs. Never holds a prompt, a completion or a secret. */
  readonly message: string;
  /** The provider's HTTP status, when it answered at all. */
  readonly status?: number;
  /** How long the provider asked to be left alone, from its `Retry-After` or rate-limit headers. */
  readonly retryAfterMs?: number;
  /** The provider's own error body, in its dialect: only for `caller` failures, to be passed on as it is. */
  readonly body?: Uint8Array;
  /** What the body says where Penstock wrote it, not the provider: the same is put on record. Default `invalid_request`. */
  readonly errorCode?: ErrorCode;
  /**
   * The provider's own sentence, for the caller alone: it may quote the request, so it is neither logged nor stored.
   * Only for `caller` failures whose body would be in a dialect that the caller does not speak.
   */
  readonly callerDetail?: string;
}

export function failureKind(failure: Pick<Failure, 'reason'>): FailureKind {
  return FAILURE_REASONS[failure.reason];
}

/** The caller's fault for one model, and perhaps not for another. */
export const MODEL_BOUND: ReadonlySet<FailureReason> = new Set([
  'context_length_exceeded',
  'content_filtered',
]);

/** Whether another attempt, here or elsewhere, may succeed. */
export function isRetryable(failure: Pick<Failure, 'reason'>): boolean {
  return failureKind(failure) !== 'caller';
}

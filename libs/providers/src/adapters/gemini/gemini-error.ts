import type { FailureReason } from '@penstock/contracts';
import { isJsonObject, strings, type JsonObject } from '../../wire/json.js';
import type { ErrorWords } from '../../wire/status-failure.js';
import { readWireDuration } from '../../wire/wire-duration.js';

/**
 * Reads an error body, `{error: {code, message, status, details}}`; details may name a reason and a delay.
 * Undefined for a body that is no error.
 */
export function readGeminiError(body: JsonObject): ErrorWords | undefined {
  const { error } = body;
  if (!isJsonObject(error)) return undefined;
  const details = Array.isArray(error.details) ? (error.details as unknown[]).filter(isJsonObject) : [];
  const message = strings(error.message)[0] ?? '';
  const tooLong = /input token count .*exceeds/i.test(message) ? ['context_length_exceeded'] : [];
  const reasons = strings(...details.map((detail) => detail.reason));
  const delays = strings(...details.map((detail) => detail.retryDelay)).map(readWireDuration);
  const retryAfterMs = delays.find((delayMs) => delayMs !== undefined);
  const code = typeof error.code === 'number' ? [String(error.code)] : [];
  return {
    words: [...tooLong, ...reasons, ...strings(error.status), ...code],
    message,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** Google's canonical status words, and reasons of single APIs where these know better. */
export const GEMINI_REASONS: Readonly<Record<string, FailureReason>> = {
  context_length_exceeded: 'context_length_exceeded',
  API_KEY_INVALID: 'credential_refused',
  API_KEY_SERVICE_BLOCKED: 'credential_refused',
  UNAUTHENTICATED: 'credential_refused',
  PERMISSION_DENIED: 'credential_refused',
  FAILED_PRECONDITION: 'credential_refused',
  NOT_FOUND: 'model_missing',
  INVALID_ARGUMENT: 'invalid_request',
  RESOURCE_EXHAUSTED: 'rate_limited',
  UNAVAILABLE: 'overloaded',
  DEADLINE_EXCEEDED: 'timed_out',
  INTERNAL: 'server_error',
};

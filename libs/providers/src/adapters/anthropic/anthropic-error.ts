import type { FailureReason } from '@penstock/contracts';
import { isJsonObject, strings, type JsonObject } from '../../wire/json.js';
import type { ErrorWords } from '../../wire/status-failure.js';

/** Reads an error body, `{type: "error", error: {type, message}}`. Undefined for a body that is no error. */
export function readAnthropicError(body: JsonObject): ErrorWords | undefined {
  if (!isJsonObject(body.error)) return undefined;
  const message = strings(body.error.message)[0] ?? '';
  // A prompt that is too long has no word of its own.
  const tooLong = /prompt is too long|exceed context limit/i.test(message) ? ['context_length_exceeded'] : [];
  return { words: [...tooLong, ...strings(body.error.type)], message };
}

export const ANTHROPIC_REASONS: Readonly<Record<string, FailureReason>> = {
  context_length_exceeded: 'context_length_exceeded',
  request_too_large: 'invalid_request',
  invalid_request_error: 'invalid_request',
  authentication_error: 'credential_refused',
  permission_error: 'credential_refused',
  billing_error: 'credential_refused',
  not_found_error: 'model_missing',
  rate_limit_error: 'rate_limited',
  overloaded_error: 'overloaded',
  timeout_error: 'timed_out',
  api_error: 'server_error',
};

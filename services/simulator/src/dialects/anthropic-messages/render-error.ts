import { namedEvent } from '../named-event.js';
import type { ProviderError, ProviderErrorCode } from '../provider-error.js';

const TYPES: Readonly<Record<ProviderErrorCode, string>> = {
  invalid_request: 'invalid_request_error',
  context_length_exceeded: 'invalid_request_error',
  invalid_api_key: 'authentication_error',
  permission_denied: 'permission_error',
  model_not_found: 'not_found_error',
  unknown_url: 'not_found_error',
  request_too_large: 'request_too_large',
  rate_limit_exceeded: 'rate_limit_error',
  server_error: 'api_error',
  overloaded: 'overloaded_error',
};

export function renderAnthropicError(error: ProviderError): string {
  return JSON.stringify(describe(error));
}

export function renderAnthropicErrorEvent(error: ProviderError): string {
  return namedEvent(describe(error)).text;
}

/** Anthropic names the field at fault in its message only. */
function describe({ code, message, param }: ProviderError) {
  const text = param === undefined || message.includes(param) ? message : `${param}: ${message}`;
  return { type: 'error', error: { type: TYPES[code], message: text } };
}

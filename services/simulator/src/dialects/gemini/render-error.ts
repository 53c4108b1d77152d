import type { ProviderError, ProviderErrorCode } from '../provider-error.js';

const STATUSES: Readonly<Record<ProviderErrorCode, string>> = {
  invalid_request: 'INVALID_ARGUMENT',
  context_length_exceeded: 'INVALID_ARGUMENT',
  invalid_api_key: 'UNAUTHENTICATED',
  permission_denied: 'PERMISSION_DENIED',
  model_not_found: 'NOT_FOUND',
  unknown_url: 'NOT_FOUND',
  request_too_large: 'INVALID_ARGUMENT',
  rate_limit_exceeded: 'RESOURCE_EXHAUSTED',
  server_error: 'INTERNAL',
  overloaded: 'UNAVAILABLE',
};

/** Google's shape: how long to wait is a detail of the error, beside the header that all send. */
export function renderGeminiError({ code, status, message, param, retryAfterMs }: ProviderError): string {
  const details: object[] = [];
  if (retryAfterMs !== undefined) {
    const retryDelay = `${Math.ceil(retryAfterMs) / 1000}s`;
    details.push({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay });
  }
  if (param !== undefined) {
    const fieldViolations = [{ field: param, description: message }];
    details.push({ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations });
  }
  const error = { code: status, message, status: STATUSES[code], ...(details.length > 0 && { details }) };
  return JSON.stringify({ error });
}

export function renderGeminiErrorEvent(error: ProviderError): string {
  return `data: ${renderGeminiError(error)}\n\n`;
}

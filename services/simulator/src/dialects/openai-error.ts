import type { ProviderError, ProviderErrorCode } from './provider-error.js';

/** OpenAI's `type` and `code` for each error; it leaves the code out where the type says all. */
const NAMES: Readonly<Record<ProviderErrorCode, readonly [type: string, code: string | null]>> = {
  invalid_request: ['invalid_request_error', null],
  context_length_exceeded: ['invalid_request_error', 'context_length_exceeded'],
  invalid_api_key: ['invalid_request_error', 'invalid_api_key'],
  permission_denied: ['permission_error', null],
  model_not_found: ['invalid_request_error', 'model_not_found'],
  unknown_url: ['invalid_request_error', 'unknown_url'],
  request_too_large: ['invalid_request_error', 'request_too_large'],
  rate_limit_exceeded: ['requests', 'rate_limit_exceeded'],
  server_error: ['server_error', null],
  overloaded: ['server_error', 'overloaded'],
};

export function renderOpenAiError(error: ProviderError): string {
  const [type, code] = NAMES[error.code];
  return JSON.stringify({ error: { message: error.message, type, param: error.param ?? null, code } });
}

/** How OpenAI breaks off a stream of chat chunks: the error in the place of a chunk, and no `[DONE]`. */
export function renderOpenAiErrorEvent(error: ProviderError): string {
  return `data: ${renderOpenAiError(error)}\n\n`;
}

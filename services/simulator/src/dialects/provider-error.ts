import type { LimitRefusal } from '../limits/call-limiter.js';

/** An error of the simulated provider, in no dialect. The codes are the simulator's own; dialects have theirs. */
export interface ProviderError {
  readonly code: ProviderErrorCode;
  readonly status: number;
  readonly message: string;
  /** The field at fault. */
  readonly param?: string;
  /** How long to leave the provider alone, where it says so. */
  readonly retryAfterMs?: number;
}

export type ProviderErrorCode =
  | 'invalid_request'
  | 'context_length_exceeded'
  | 'invalid_api_key'
  | 'permission_denied'
  | 'model_not_found'
  | 'unknown_url'
  | 'request_too_large'
  | 'rate_limit_exceeded'
  | 'server_error'
  | 'overloaded';

export function invalidRequest(message: string, param?: string): ProviderError {
  return { code: 'invalid_request', status: 400, message, ...(param !== undefined && { param }) };
}

export function modelNotFound(model: string): ProviderError {
  const message = `The model \`${model}\` does not exist or you do not have access to it.`;
  return { code: 'model_not_found', status: 404, message, param: 'model' };
}

export function contextLengthExceeded(most: number, asked: number): ProviderError {
  const message = `This model's maximum context length is ${most} tokens. However, you requested ${asked} tokens.`;
  return { code: 'context_length_exceeded', status: 400, message, param: 'messages' };
}

export function invalidApiKey(given: boolean): ProviderError {
  const message = given ? 'Incorrect API key provided.' : "You didn't provide an API key.";
  return { code: 'invalid_api_key', status: 401, message };
}

export function limitReached(model: string, refusal: LimitRefusal): ProviderError {
  const unit = {
    requests: 'requests per min (RPM)',
    tokens: 'tokens per min (TPM)',
    concurrency: 'concurrent requests',
  };
  const { allowed, used } = refusal;
  const message = `Rate limit reached for ${model} on ${unit[refusal.limit]}: Limit ${allowed}, Used ${used}.`;
  return { code: 'rate_limit_exceeded', status: 429, message, ...waiting(refusal.retryAfterMs) };
}

/** The error that a status ordered as a fault stands for. */
export function errorOfStatus(status: number, retryAfterMs?: number): ProviderError {
  const code = CODES.get(status) ?? (status < 500 ? 'invalid_request' : 'server_error');
  return { code, status, message: MESSAGES[code], ...waiting(retryAfterMs) };
}

function waiting(retryAfterMs: number | undefined): { retryAfterMs?: number } {
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}

const CODES = new Map<number, ProviderErrorCode>([
  [401, 'invalid_api_key'],
  [403, 'permission_denied'],
  [404, 'model_not_found'],
  [413, 'request_too_large'],
  [429, 'rate_limit_exceeded'],
  [503, 'overloaded'],
  [529, 'overloaded'],
]);

const MESSAGES: Readonly<Record<ProviderErrorCode, string>> = {
  invalid_request: 'The request was refused, as ordered.',
  context_length_exceeded: 'The context is too long, as ordered.',
  invalid_api_key: 'Incorrect API key provided.',
  permission_denied: 'You are not allowed to use this model.',
  model_not_found: 'The model does not exist or you do not have access to it.',
  unknown_url: 'Unknown request URL.',
  request_too_large: 'The request is too large.',
  rate_limit_exceeded: 'Rate limit reached.',
  server_error: 'The server had an error while processing your request.',
  overloaded: 'The engine is currently overloaded, please try again later.',
};

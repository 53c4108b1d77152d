import type { FailureReason } from '@penstock/contracts';
import { isJsonObject, type JsonObject } from '../../wire/json.js';
import type { ErrorWords } from '../../wire/status-failure.js';

/**
 * Reads an error body: OpenAI's `{error: {message, type, code}}`, OpenRouter's with a number as code, vLLM's with the
 * same fields at the top beside `object: "error"`, Ollama's `{error: "…"}`, FastAPI's `{detail: …}`.
 * Undefined for a body that is no error.
 */
export function readOpenAiError(body: JsonObject): ErrorWords | undefined {
  const error = body.error ?? (body.object === 'error' ? body : undefined);
  if (typeof error === 'string') return { words: [], message: error };
  if (isJsonObject(error)) {
    const words = [error.code, error.type].filter(
      (word) => typeof word === 'string' || typeof word === 'number',
    );
    return { words: words.map(String), message: typeof error.message === 'string' ? error.message : '' };
  }
  if ('detail' in body && !('choices' in body) && !('data' in body)) return { words: [], message: '' };
  return undefined;
}

/**
 * Codes and types of OpenAI and of those who speak its dialect. A spent quota comes as a 429, but no waiting helps:
 * it is the credential that needs a person.
 */
export const OPENAI_REASONS: Readonly<Record<string, FailureReason>> = {
  context_length_exceeded: 'context_length_exceeded',
  string_above_max_length: 'context_length_exceeded',
  content_filter: 'content_filtered',
  content_policy_violation: 'content_filtered',
  insufficient_quota: 'credential_refused',
  billing_hard_limit_reached: 'credential_refused',
  billing_not_active: 'credential_refused',
  account_deactivated: 'credential_refused',
  invalid_api_key: 'credential_refused',
  model_not_found: 'model_missing',
  model_not_active: 'model_missing',
  DeploymentNotFound: 'model_missing',
  rate_limit_exceeded: 'rate_limited',
  rate_limit_error: 'rate_limited',
  tokens: 'rate_limited',
  requests: 'rate_limited',
  engine_overloaded: 'overloaded',
  overloaded_error: 'overloaded',
};

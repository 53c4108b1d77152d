import type { FailureReason } from '@penstock/contracts';
import { isJsonObject, strings, type JsonObject } from '../../wire/json.js';
import type { ErrorWords } from '../../wire/status-failure.js';

/** Fields that only an answer has. */
const ANSWER = ['choices', 'data', 'output', 'results', 'delta', 'response'];

/**
 * Reads an error body: OpenAI's `{error: {message, type, code}}`, OpenRouter's with a number as code and what was
 * flagged in `metadata`, vLLM's, Mistral's and Cerebras' with the same fields at the top, xAI's and Ollama's
 * `{error: "…"}`, FastAPI's `{detail: …}`. Undefined for a body that is no error.
 */
export function readOpenAiError(body: JsonObject): ErrorWords | undefined {
  const { error } = body;
  if (typeof error === 'string') return { words: wordsOf(body.code), message: error };
  if (isJsonObject(error)) {
    const flagged = isJsonObject(error.metadata) && Array.isArray(error.metadata.reasons);
    const words = wordsOf(error.code, error.type);
    return {
      words: flagged ? ['content_policy_violation', ...words] : words,
      message: typeof error.message === 'string' ? error.message : '',
    };
  }
  if (body.object !== 'error' && ANSWER.some((field) => field in body)) return undefined;
  if (typeof body.message === 'string' || body.object === 'error') {
    return { words: wordsOf(body.code, body.type), message: strings(body.message)[0] ?? '' };
  }
  return 'detail' in body ? { words: [], message: strings(body.detail)[0] ?? '' } : undefined;
}

function wordsOf(...given: readonly unknown[]): string[] {
  return given.filter((word) => typeof word === 'string' || typeof word === 'number').map(String);
}

/**
 * Codes and types of OpenAI and of those who speak its dialect. A spent quota comes as a 429, but no waiting helps:
 * it is the credential that needs a person.
 */
export const OPENAI_REASONS: Readonly<Record<string, FailureReason>> = {
  context_length_exceeded: 'context_length_exceeded',
  string_above_max_length: 'context_length_exceeded',
  exceed_context_size_error: 'context_length_exceeded',
  content_filter: 'content_filtered',
  content_policy_violation: 'content_filtered',
  insufficient_quota: 'credential_refused',
  billing_hard_limit_reached: 'credential_refused',
  billing_not_active: 'credential_refused',
  account_deactivated: 'credential_refused',
  invalid_api_key: 'credential_refused',
  model_not_found: 'model_missing',
  model_decommissioned: 'model_missing',
  unknown_model: 'model_missing',
  invalid_model: 'model_missing',
  model_not_active: 'model_missing',
  DeploymentNotFound: 'model_missing',
  rate_limit_exceeded: 'rate_limited',
  rate_limit_error: 'rate_limited',
  tokens: 'rate_limited',
  requests: 'rate_limited',
  engine_overloaded: 'overloaded',
  overloaded_error: 'overloaded',
};

import { FAILURE_REASONS, type Failure, type FailureReason } from '@penstock/contracts';
import type { HttpHeaders } from '../http/http-exchange.js';
import { readRetryAfterMs } from './limit-reading.js';

/** What a dialect's error body says in its own fixed words. */
export interface ErrorWords {
  /** Error codes and types, most telling first. */
  readonly words: readonly string[];
  /** The provider's sentence, only to be searched, never to be repeated. */
  readonly message: string;
  /** The provider's wish to be left alone, where it stands in the body. */
  readonly retryAfterMs?: number;
}

/**
 * How the many who have no word for it say that a prompt is too long. Asked only where the status is one with which
 * they say it: Together's is 403.
 */
const TOO_LONG =
  /context (?:length|window|size)|maximum (?:prompt|allowed) length|prompt is too long|too many tokens|input is too long/i;

/**
 * Why a provider refused, by its HTTP status; the sentence decides where one status stands for several things.
 *
 * 412 is Fireworks' for an account that is suspended, 424 Bedrock's for a model that failed. 409 and 425 are locks and races at the provider, 498 is Groq's and 529 Anthropic's word for "no room". A 503 is
 * overload only when its sentence says so: without one it is as likely a dead server behind a proxy, which a breaker
 * has to see. Redirects are not followed, so a 3xx means a wrong base URL.
 */
export function reasonOfStatus(status: number, message: string): FailureReason {
  switch (status) {
    case 400:
    case 413:
    case 422:
      return TOO_LONG.test(message) ? 'context_length_exceeded' : 'invalid_request';
    case 403:
      return TOO_LONG.test(message) ? 'context_length_exceeded' : 'credential_refused';
    case 401:
    case 402:
    case 407:
    case 412:
      return 'credential_refused';
    case 404:
    case 405:
    case 410:
      return 'model_missing';
    case 408:
    case 504:
    case 524:
      return 'timed_out';
    case 409:
    case 425:
    case 498:
    case 529:
      return 'overloaded';
    case 424:
      return 'server_error';
    case 429:
      return 'rate_limited';
    case 503:
      return /overload|capacity|slow down|busy|too many/i.test(message) ? 'overloaded' : 'server_error';
  }
  if (status >= 500) return 'server_error';
  return status >= 400 ? 'invalid_request' : 'malformed_response';
}

/**
 * The failure that a provider's error answer stands for. `reasons` are the dialect's own words, which know better
 * than the status: they are asked first.
 *
 * The message is made of the status and such words only: a provider's sentence may quote the prompt or the key. The
 * body goes along where the caller is at fault and shall read it.
 */
export function failureOfAnswer(
  answer: { readonly status: number; readonly headers: HttpHeaders; readonly body: Buffer },
  said: ErrorWords,
  reasons: Readonly<Record<string, FailureReason>>,
  nowMs: number,
): Failure {
  const { headers, body } = answer;
  const known = said.words.find((word) => Object.hasOwn(reasons, word));
  const status = statusMeant(answer.status, said);
  const reason =
    (known === undefined ? undefined : reasons[known]) ?? reasonOfStatus(status ?? 500, said.message);
  const isCallers = FAILURE_REASONS[reason] === 'caller';
  const retryAfterMs = isCallers ? undefined : (readRetryAfterMs(headers, nowMs) ?? said.retryAfterMs);
  const told = status ?? (isCallers ? 400 : answer.status);
  return {
    reason,
    message: `The provider answered ${[answer.status, ...said.words.filter(isWord)].join(' ')}.`,
    status: told,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(isCallers && body.length > 0 && { body }),
  };
}

/** An error inside a 200 often carries the status it should have had as its code; undefined when it does not. */
function statusMeant(status: number, said: ErrorWords): number | undefined {
  if (status >= 300) return status;
  const code = said.words.find((word) => /^[45]\d\d$/.test(word));
  return code === undefined ? undefined : Number(code);
}

function isWord(text: string): boolean {
  return /^[A-Za-z0-9_.-]{1,64}$/.test(text);
}

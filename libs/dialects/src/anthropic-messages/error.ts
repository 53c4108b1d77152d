import { ERRORS, type Refusal } from '@penstock/contracts';
import { errorAnswer, type RenderedError } from '../rendered-error.js';
import { encodeEvent } from '../sse/encode-event.js';

/** Anthropic's error shape. The catalogue's code stands where its client looks for one, in `details`. */
export function renderAnthropicError(refusal: Refusal, requestId: string): RenderedError {
  const body = { ...anthropicError(refusal), request_id: requestId };
  return errorAnswer(refusal, body, ['request-id', requestId]);
}

/** A broken stream of messages: its `error` event. */
export function renderAnthropicStreamError(refusal: Refusal): Uint8Array {
  return encodeEvent(anthropicError(refusal), 'error');
}

function anthropicError({ code, message }: Refusal) {
  return {
    type: 'error',
    error: { type: errorType(ERRORS[code].status), message, details: { error_code: code } },
  } as const;
}

/** The vendor ties an error's type to its status. Its 529, overloaded, is our 503. */
function errorType(status: number) {
  switch (status) {
    case 401:
      return 'authentication_error';
    case 403:
      return 'permission_error';
    case 404:
      return 'not_found_error';
    case 409:
      return 'conflict_error';
    case 413:
      return 'request_too_large';
    case 429:
      return 'rate_limit_error';
    case 503:
      return 'overloaded_error';
    case 504:
      return 'timeout_error';
    default:
      return status < 500 ? 'invalid_request_error' : 'api_error';
  }
}

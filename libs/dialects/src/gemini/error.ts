import { ERRORS, type Refusal } from '@penstock/contracts';
import { errorAnswer, retryAfterSeconds, type RenderedError } from '../rendered-error.js';
import { encodeEvent } from '../sse/encode-event.js';

/** Google's error shape (google.rpc.Status), the catalogue's code as the reason of an ErrorInfo. */
export function renderGeminiError(refusal: Refusal, requestId: string): RenderedError {
  return errorAnswer(refusal, geminiError(refusal), ['x-request-id', requestId]);
}

/** A broken stream of content: the error in place of the next chunk. */
export function renderGeminiStreamError(refusal: Refusal): Uint8Array {
  return encodeEvent(geminiError(refusal));
}

function geminiError(refusal: Refusal) {
  const { status } = ERRORS[refusal.code];
  return {
    error: {
      code: status,
      message: refusal.message,
      status: rpcStatus(status),
      details: errorDetails(refusal),
    },
  };
}

function errorDetails({ code, message, param, retryAfterMs }: Refusal): object[] {
  const details: object[] = [
    { '@type': rpcType('ErrorInfo'), reason: code.toUpperCase(), domain: 'penstock' },
  ];
  if (param !== undefined) {
    details.push({
      '@type': rpcType('BadRequest'),
      fieldViolations: [{ field: param, description: message }],
    });
  }
  if (retryAfterMs !== undefined) {
    details.push({ '@type': rpcType('RetryInfo'), retryDelay: `${retryAfterSeconds(retryAfterMs)}s` });
  }
  return details;
}

const rpcType = (name: string) => `type.googleapis.com/google.rpc.${name}`;

/** The mapping of google.rpc.Code to HTTP, read backwards. */
function rpcStatus(status: number): string {
  switch (status) {
    case 401:
      return 'UNAUTHENTICATED';
    case 403:
      return 'PERMISSION_DENIED';
    case 404:
      return 'NOT_FOUND';
    case 409:
      return 'ABORTED';
    case 429:
      return 'RESOURCE_EXHAUSTED';
    case 499:
      return 'CANCELLED';
    case 503:
      return 'UNAVAILABLE';
    case 504:
      return 'DEADLINE_EXCEEDED';
    default:
      return status < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL';
  }
}

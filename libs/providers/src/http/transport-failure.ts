import type { Failure } from '@penstock/contracts';

const BROKEN_HTTP = new Set(['UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']);

/** What undici or a socket says of a connection that could not be made or did not last. */
export function transportFailure(error: Error): Failure {
  const code = errorCode(error);
  if (code === 'UND_ERR_INVALID_ARG') {
    // A header or a path that HTTP cannot carry. Its text is not repeated: it may hold the credential.
    return { reason: 'internal', message: 'The request to the provider could not be written.' };
  }
  // undici's parser errors come without the code that they are documented to have.
  if (error.name === 'HTTPParserError' || BROKEN_HTTP.has(code ?? '')) {
    return { reason: 'malformed_response', message: 'The provider broke the rules of HTTP.' };
  }
  return {
    reason: 'connection_failed',
    message: `The connection to the provider failed (${code ?? 'unknown'}).`,
  };
}

/** The code nearest to the surface. Codes are names made by Node and undici, never text from a provider. */
function errorCode(error: { code?: unknown; cause?: unknown }): string | undefined {
  if (typeof error.code === 'string') return error.code;
  return typeof error.cause === 'object' && error.cause !== null ? errorCode(error.cause) : undefined;
}

import type { ServerResponse } from 'node:http';

import type { Dialect } from '../dialects/dialect.js';
import type { ProviderError } from '../dialects/provider-error.js';
import { retryAfterHeaders } from '../limits/rate-limit-headers.js';
import { sendJson } from './send-json.js';

/** Sends an error in the dialect's shape, with Retry-After where it says how long. */
export function sendError(
  response: ServerResponse,
  dialect: Pick<Dialect, 'renderError'>,
  error: ProviderError,
  headers: readonly string[] = [],
): void {
  const allHeaders = [...headers, ...retryAfterHeaders(error.retryAfterMs)];
  sendJson(response, error.status, dialect.renderError(error), allHeaders);
}

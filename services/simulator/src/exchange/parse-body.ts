import type { Reading } from '../dialects/dialect.js';
import { errorOfStatus, invalidRequest } from '../dialects/provider-error.js';

/** Parses a body; undefined stands for one that was too large. */
export function parseBody(body: Buffer | undefined): Reading<unknown> {
  if (body === undefined) return { ok: false, error: errorOfStatus(413) };
  try {
    return { ok: true, value: JSON.parse(body.toString()) };
  } catch {
    return { ok: false, error: invalidRequest('We could not parse the JSON body of your request.') };
  }
}

import { randomBytes } from 'node:crypto';

/** A W3C `traceparent` whose sender keeps the trace, as a traced program would send it. */
export function newTraceparent(): { readonly traceId: string; readonly traceparent: string } {
  const traceId = randomBytes(16).toString('hex');
  return { traceId, traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01` };
}

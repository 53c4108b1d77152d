import type { JobEvent } from '@penstock/contracts';

/**
 * An event is one for each attempt, or for the outcome of a job that ended without one. What is told of an attempt in
 * its dead worker's place must not silence the worker, should it live after all.
 */
export function eventMessageId(event: JobEvent): string {
  if (event.attempt?.failure?.reason === 'worker_lost') return `lost.${event.attempt.id}`;
  return event.attempt?.id ?? `outcome.${event.tenant}.${event.job}`;
}

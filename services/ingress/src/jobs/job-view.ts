import type { PriorityClass } from '@penstock/contracts';
import type { FoundOutcome } from '@penstock/messaging';

/** A job as `GET /v1/jobs/{id}` shows it. */
export interface JobView {
  readonly id: string;
  readonly object: 'job';
  readonly state:
    'queued' | 'delayed' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'expired' | 'dead_lettered';
  readonly class?: PriorityClass;
  readonly model?: string;
  /** The preset that it was admitted with, and its version. */
  readonly preset?: string;
  /** Jobs expected to start before it, itself counted. Only while it is queued. */
  readonly position?: number;
  /**
   * When it is expected to start, at the rate at which jobs started lately. Only while it is queued; null where it was
   * just accepted and nobody can tell yet.
   */
  readonly expected_start_at?: number | null;
  readonly deployment?: string;
  readonly attempts?: number;
  readonly accepted_at?: number;
  readonly ended_at?: number;
  readonly error?: { readonly code: string };
}

/** What a stored outcome says of its job. */
export function viewOfOutcome(id: string, found: Exclude<FoundOutcome, { kind: 'none' }>): JobView {
  const { event } = found;
  const state = event.outcome?.state ?? 'failed';
  return {
    id,
    object: 'job',
    state,
    class: event.class,
    model: event.model,
    attempts: event.outcome?.attempts ?? 0,
    accepted_at: toSeconds(event.acceptedAtMs),
    ended_at: toSeconds(event.atMs),
    ...(event.preset !== undefined && { preset: event.preset }),
    ...(event.outcome?.errorCode !== undefined && { error: { code: event.outcome.errorCode } }),
  };
}

export function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}

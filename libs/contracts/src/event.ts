import type { Api } from './api.js';
import type { AttemptRecord } from './attempt.js';
import type { Job, Origin } from './job.js';
import type { OutcomeState } from './outcome.js';
import type { PriorityClass } from './priority-class.js';
import type { JobLabels } from './request.js';

/**
 * What is told about a job in EVENTS. Accounting turns `attempt` into a ledger row and `outcome` into the
 * job's one outcome; both may stand in the same event, because the last attempt and the outcome are one moment.
 *
 * The event's message id is the attempt's id where there is an attempt, so telling it twice is harmless.
 * It holds no prompt and no completion.
 */
export interface JobEvent {
  readonly version: 1;
  readonly job: string;
  readonly tenant: string;
  readonly class: PriorityClass;
  readonly origin: Origin;
  readonly api: Api;
  readonly model: string;
  readonly keyName?: string;
  readonly labels?: JobLabels;
  /** `name@version`. */
  readonly preset?: string;
  readonly acceptedAtMs: number;
  readonly atMs: number;
  /** The attempt that this event tells of. Absent for a job that ended without one. */
  readonly attempt?: AttemptRecord;
  /** The attempts before it, told once more with the outcome. Absent for a job that had none. */
  readonly history?: readonly AttemptRecord[];
  /** Present when the job ended. */
  readonly outcome?: { readonly state: OutcomeState; readonly attempts: number; readonly errorCode?: string };
  readonly traceparent?: string;
}

/** An event about a job that tells of nothing yet. It belongs to the trace that the job was accepted in. */
export function eventOf(job: Job, atMs: number): JobEvent {
  const { id, tenant, class: priorityClass, origin, api, model, acceptedAtMs } = job;
  return {
    version: 1,
    job: id,
    ...{ tenant, class: priorityClass, origin, api, model, acceptedAtMs, atMs },
    ...(job.keyName !== undefined && { keyName: job.keyName }),
    ...(job.labels && { labels: job.labels }),
    ...(job.preset !== undefined && { preset: job.preset }),
    ...(job.traceparent !== undefined && { traceparent: job.traceparent }),
  };
}

import type { AttemptRecord, PriorityClass } from '@penstock/contracts';
import type { QueuedJob } from '@penstock/scheduling';

/** A job of a simulation: what everybody knows of it, and what only its end shows. */
export interface SimulatedJob {
  readonly id: string;
  readonly tenant: string;
  readonly class: PriorityClass;
  /** What admission estimated. */
  readonly cost: number;
  readonly atMs: number;
  readonly expectedMs?: number;
  readonly deadlineMs?: number;
  readonly runsOn?: readonly string[];
  /** What its end shows. */
  readonly serviceMs?: number;
  readonly actualCost?: number;
}

/** A simulated job in the form that the router would hand to the queue. */
export interface QueuedSimulatedJob extends QueuedJob {
  readonly simulated: SimulatedJob;
}

const EVERYWHERE: readonly string[] = ['provider/model'];
const NO_ATTEMPTS: readonly never[] = [];

/** Where the job may run. */
export function runsOn(job: SimulatedJob): readonly string[] {
  return job.runsOn ?? EVERYWHERE;
}

export function queuedJob(
  about: SimulatedJob,
  attempts: readonly AttemptRecord[] = NO_ATTEMPTS,
): QueuedSimulatedJob {
  return {
    job: {
      id: about.id,
      tenant: about.tenant,
      class: about.class,
      origin: 'subject',
      api: 'openai.chat',
      model: 'model',
      stream: false,
      estimatedInputTokens: 0,
      estimatedOutputTokens: 0,
      acceptedAtMs: about.atMs,
      keepResult: false,
      attempts,
      ...(about.deadlineMs === undefined ? {} : { deadlineMs: about.deadlineMs }),
    },
    cost: about.cost,
    runsOn: runsOn(about),
    expectedMs: about.expectedMs ?? 0,
    simulated: about,
  };
}

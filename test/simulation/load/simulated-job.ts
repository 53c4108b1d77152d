import type { PriorityClass } from '@penstock/contracts';
import type { QueuedJob } from '@penstock/scheduling';

export interface SimulatedJob {
  readonly id: string;
  readonly tenant: string;
  readonly class: PriorityClass;
  readonly cost: number;
  readonly atMs: number;
  readonly expectedMs?: number;
  readonly deadlineMs?: number;
  readonly runsOn?: readonly string[];
}

const EVERYWHERE: readonly string[] = ['provider/model'];
const NO_ATTEMPTS: readonly never[] = [];

/** A job as the router would hand it to the queue. */
export function simulatedJob(about: SimulatedJob): QueuedJob {
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
      attempts: NO_ATTEMPTS,
      ...(about.deadlineMs === undefined ? {} : { deadlineMs: about.deadlineMs }),
    },
    cost: about.cost,
    runsOn: about.runsOn ?? EVERYWHERE,
    expectedMs: about.expectedMs ?? 0,
  };
}

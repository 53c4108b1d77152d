import type { Random } from '@penstock/resilience';
import type { DeploymentPlan } from '../engine/simulated-deployment.js';
import type { SimulatedJob } from '../load/simulated-job.js';

/** A load and the capacity it meets. The same seed gives the same jobs to every policy. */
export interface Scenario {
  /** As it stands in file names. */
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly untilMs: number;
  readonly deployments: readonly DeploymentPlan[];
  readonly arrivals: (random: Random) => Generator<SimulatedJob>;
  /** Under which name a job's wait is counted, beside its class. */
  readonly groupOf?: (job: SimulatedJob) => string | undefined;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

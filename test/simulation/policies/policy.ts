import type { AttemptRecord } from '@penstock/contracts';
import type { SimulatedJob } from '../load/simulated-job.js';

/** Who goes next: the part of a simulation that is exchanged while the load stays the same. */
export interface Policy {
  readonly name: string;
  /** Jobs that wait. */
  readonly size: number;
  offer(job: SimulatedJob): void;
  /** A job whose attempt failed comes back. */
  offerAgain(job: SimulatedJob, attempts: readonly AttemptRecord[]): void;
  /** The next job that can run, taken out. */
  next(canRun: (job: SimulatedJob) => boolean, nowMs: number): SimulatedJob | undefined;
  /** The deployment has room again. */
  opened(deployment: string): void;
  /** A job ended, and what it cost is known. */
  ended(job: SimulatedJob): void;
  /** The jobs that were given up because their deadline passed. */
  takeExpired(nowMs: number): readonly SimulatedJob[];
}

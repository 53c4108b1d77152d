import type { Lane } from '@penstock/contracts';
import { JOBS_OF_BUNDLE } from '@penstock/messaging';
import type { Windowed } from './lane-window.js';

/** A lane that has work, as a router tends it. */
export interface TendedLane extends Windowed {
  readonly lane: Lane;
  /** Its consumer is there. */
  ready: boolean;
  opening: boolean;
  /** Messages asked for and not delivered yet. */
  outstanding: number;
  /** Jobs in one of its messages, by the last that came; undefined until one has. */
  jobsEach: number | undefined;
  /** Will be asked for a job with others that rest. */
  resting: boolean;
  activeAtMs: number;
  /** When jobs were last asked for or came, on the monotonic clock. */
  movedAtMs: number;
}

/** Jobs of the lane that nobody has pulled, by what its messages hold. */
export function jobsPending({ pending, jobsEach = 1 }: Pick<TendedLane, 'pending' | 'jobsEach'>): number {
  return pending * jobsEach;
}

/**
 * The window of a lane of bundles, in jobs: a pull of eight messages is as cheap as one of 32, and jobs that are held for
 * no longer than a collection of the young generation comes to are never moved into the old one.
 */
const BUNDLED_JOBS = 64;

/**
 * In messages, how much of the lane a window of so many jobs has room for, and how much of that is free. A lane of which
 * nothing has come yet may be one of bundles, and must not bring a multiple of the window.
 */
export function messageRoom(
  { jobsEach = JOBS_OF_BUNDLE, held, outstanding }: Pick<TendedLane, 'jobsEach' | 'held' | 'outstanding'>,
  windowJobs: number,
): { readonly target: number; readonly room: number } {
  const jobs = jobsEach > 1 ? Math.min(windowJobs, BUNDLED_JOBS) : windowJobs;
  const target = Math.max(1, Math.floor(jobs / jobsEach));
  return { target, room: target - Math.ceil(held / jobsEach) - outstanding };
}

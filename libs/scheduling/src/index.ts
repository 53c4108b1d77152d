export * from './queue/fair-queue.js';
export * from './queue/fair-queue-options.js';
export type { LanePosition, LaneWant } from './queue/lanes.js';
export * from './queue/queued-job.js';
export * from './retry/decide-next.js';
export * from './retry/retry-policy.js';

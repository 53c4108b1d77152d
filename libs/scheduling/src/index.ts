export * from './queue/fair-queue.js';
export * from './queue/fair-queue-options.js';
export type { LanePosition } from './queue/lanes.js';
export * from './queue/queued-job.js';
export * from './retry/decide-next.js';
export * from './retry/retry-policy.js';
export type { ConstraintName } from './candidates/constraints.js';
export * from './candidates/deployment-profile.js';
export * from './candidates/deployment-state.js';
export * from './candidates/job-needs.js';
export type { MissedPreference } from './candidates/missed-preferences.js';
export * from './candidates/choose-candidate.js';
export * from './candidates/rank-candidates.js';
export * from './candidates/route-catalogue.js';
export * from './candidates/screen-candidates.js';
export * from './candidates/skip-reasons.js';
export * from './preferences/admit-route.js';
export * from './preferences/model-name.js';
export * from './preferences/read-routing-preferences.js';
export { providerPreferences, QUANTIZATIONS, STRATEGIES } from './preferences/routing-preferences.js';
export type {
  ProviderPreferences,
  Quantization,
  RoutingPreferences,
  Strategy,
} from './preferences/routing-preferences.js';
export * from './hedge/hedge-policy.js';
export * from './hedge/hedge-terms.js';
export * from './health/health-book.js';
export * from './health/refuse-deadline.js';
export * from './capacity/share-book.js';
export * from './capacity/split-by-demand.js';
export * from './queue/start-rate.js';
export * from './queue/refuse-start.js';
export * from './queue/service-rates.js';
export * from './health/reopens-at.js';
export * from './queue/pace-book.js';

import type { CancelledJobs, Connection, LeaseKeeper } from '@penstock/messaging';
import type { Clock, HedgeBudget } from '@penstock/resilience';
import type { Telemetry } from '@penstock/telemetry';
import type { RuleBook } from '@penstock/transforms';
import type { BreakerBoard } from '../breakers/breaker-board.js';
import type { CapacityAnnouncer } from '../capacity/capacity-announcer.js';
import type { SlotBoard } from '../capacity/slot-board.js';
import type { HealthAnnouncer } from '../health/health-announcer.js';
import type { ServedApis } from '../health/served-apis.js';
import type { RunningJobs } from './running-jobs.js';
import type { WorkerDeployment } from './worker-deployment.js';

/** All that a worker has to run jobs with. */
export interface WorkerParts {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly worker: string;
  readonly deployments: ReadonlyMap<string, { readonly deployment: WorkerDeployment }>;
  readonly slots: SlotBoard;
  readonly capacity: CapacityAnnouncer;
  readonly figures: Pick<HealthAnnouncer, 'record' | 'slowMs'>;
  readonly served: ServedApis;
  readonly breakers: BreakerBoard;
  readonly leases: LeaseKeeper;
  readonly running: RunningJobs;
  /** Of jobs that do not run here, or not yet. */
  readonly cancelled: CancelledJobs;
  readonly rules: RuleBook;
  /** By public model. */
  readonly hedgeBudget: (model: string) => HedgeBudget;
  readonly telemetry: Pick<Telemetry, 'tracing' | 'metrics'>;
}

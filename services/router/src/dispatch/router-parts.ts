import type { CancelledJobs, Connection, EventRoom, LeaseKeeper } from '@penstock/messaging';
import type { Clock, MakeId, Random, RetryBudget } from '@penstock/resilience';
import type {
  FairQueue,
  HealthBook,
  RetryPolicy,
  RouteCatalogue,
  ServiceRates,
  StartRate,
} from '@penstock/scheduling';
import type { Telemetry } from '@penstock/telemetry';
import type { RuleBook } from '@penstock/transforms';
import type { TenantRegister } from '../admission/tenant-register.js';
import type { CreditBook } from '../credits/credit-book.js';
import type { LaneTender } from '../lanes/lane-tender.js';
import type { LostAttempts } from '../retry/lost-attempts.js';
import type { LiveStates } from '../routing/live-states.js';
import type { DispatchedJobs } from './dispatched-jobs.js';
import type { HeldJob } from './held-job.js';

/** What the router's use cases share. Made once, in `start-router.ts`. */
export interface RouterParts {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: Random;
  readonly makeId: MakeId;
  readonly router: string;
  readonly models: RouteCatalogue;
  readonly tenants: TenantRegister;
  readonly rules: RuleBook;
  readonly queue: FairQueue<HeldJob>;
  readonly credits: CreditBook;
  readonly dispatched: DispatchedJobs;
  readonly lost: LostAttempts;
  readonly health: HealthBook;
  readonly states: LiveStates;
  readonly retryPolicy: RetryPolicy;
  /** How fast this router's jobs start. */
  readonly starts: StartRate;
  /** How fast interactive jobs that wait start at each gate. */
  readonly rates: ServiceRates;
  readonly leases: LeaseKeeper;
  readonly telemetry: Pick<Telemetry, 'tracing' | 'metrics' | 'logger'>;
  readonly budget: (deployment: string) => RetryBudget;
  readonly tender: () => LaneTender;
  /** Tells workers that somebody waits for a slot. */
  readonly urge: () => void;
  readonly cancelled: CancelledJobs;
  /** Without it no job goes to a worker: what it costs could not be written down. */
  readonly eventRoom: EventRoom;
  readonly onError: (error: unknown) => void;
}

import type { PriorityClass } from './priority-class.js';

/**
 * The words in which workers and routers settle who may dispatch where. All of them travel over core NATS and
 * may be lost: a credit lost is granted again with the next heartbeat, a dispatch without a slot is bounced
 * back with its lease. So they make dispatch fast, and nothing depends on them for being right.
 */

/** Worker to one router: you may send me this many more jobs for these deployments. */
export interface CreditGrant {
  readonly worker: string;
  readonly credits: readonly { readonly deployment: string; readonly count: number }[];
  /** What attempts that this router dispatched have used, of those that ended since the last grant. */
  readonly used?: readonly UsedByAttempt[];
}

/** What an attempt used that will not go back to its router: its tenant was charged an estimate. */
export interface UsedByAttempt {
  readonly tenant: string;
  readonly job: string;
  readonly attempt: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Worker to all routers, every second and whenever health changes. */
export interface WorkerHeartbeat {
  readonly worker: string;
  readonly deployments: readonly DeploymentHealth[];
  /** The attempts running here, by id: what a router dispatched earlier and does not find among them has ended. */
  readonly running: readonly string[];
  /**
   * The number of the last dispatch that was read here, by the router that sent it: only of those up to it can it be
   * said that they have ended. A router that is not named has sent nothing that was read. Absent from older workers.
   */
  readonly read?: Readonly<Record<string, number>>;
  /** Those of them that have a second attempt beside them. Absent means none. */
  readonly hedges?: readonly RunningHedge[];
  /** The worker takes no more jobs and finishes what it has. */
  readonly draining: boolean;
}

/** A second attempt that a worker sent by itself, and where to. */
export interface RunningHedge {
  /** The attempt that it runs beside. */
  readonly hedges: string;
  readonly deployment: string;
}

export interface DeploymentHealth {
  readonly deployment: string;
  readonly breaker: BreakerState;
  /** Calls running now in this worker. */
  readonly running: number;
  /** Calls that may run at the same time in this worker. */
  readonly slots: number;
  /** Credits out at each router, as this worker remembers: a router that remembers another count adopts it. */
  readonly granted: Readonly<Record<string, number>>;
  /** The provider asked to be left alone until then. */
  readonly closedUntilMs?: number;
}

export type BreakerState = 'closed' | 'open' | 'half_open';

/** Router to all workers, every second, at its start, and when somebody waits for a job that has no slot. */
export interface RouterHeartbeat {
  readonly router: string;
  /** Jobs waiting here that could use a slot, by deployment. Absent means none. */
  readonly wanted: Readonly<Record<string, number>>;
  /** Of those, interactive ones: a slot that becomes free goes there first. Absent means none. */
  readonly urgent?: Readonly<Record<string, number>>;
  readonly draining: boolean;
  /** For who wants to know when a job will start. */
  readonly pace?: RouterPace;
}

/** How fast a router's jobs start, and what waits before others. */
export interface RouterPace {
  /** Jobs of all classes that this router started a second lately. */
  readonly perSecond: number;
  /** By class: jobs that wait here and, as far as is known, on the server; and the weight of their tenants together. */
  readonly waiting: Readonly<Record<PriorityClass, { readonly jobs: number; readonly weight: number }>>;
}

/** Router to worker: credits that will not be spent. */
export interface CreditReturn {
  readonly router: string;
  readonly credits: readonly { readonly deployment: string; readonly count: number }[];
}

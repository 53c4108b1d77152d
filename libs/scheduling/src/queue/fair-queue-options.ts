import type { PriorityClass } from '@penstock/contracts';

/** How a `FairQueue` shares out. Everything has a default. */
export interface FairQueueOptions {
  /** A tenant's weight against other tenants of its class; above 0. Read when its lane is made. Default 1. */
  readonly weightOf?: (tenant: string) => number;
  /**
   * The share of cost that a class is sure of at a gate while more urgent classes have work there. Default 0.05
   * for standard and for batch. What a class has no work for goes to the others.
   */
  readonly reserve?: Partial<Record<PriorityClass, number>>;
  /** A job is promoted when less than this many times its `expectedMs` is left to its deadline. Default 3. */
  readonly promotionFactor?: number;
  /**
   * By when a job without a deadline is due, counted from its acceptance: only to order it among its tenant's
   * jobs with deadlines, so that those cannot hold it back for ever. Defaults: interactive 30 s, standard
   * 1 h, batch 24 h.
   */
  readonly patienceMs?: Partial<Record<PriorityClass, number>>;
}

export const DEFAULT_PATIENCE_MS: Readonly<Record<PriorityClass, number>> = {
  interactive: 30_000,
  standard: 3_600_000,
  batch: 86_400_000,
};

export const DEFAULT_RESERVE: Readonly<Record<PriorityClass, number>> = {
  interactive: 0,
  standard: 0.05,
  batch: 0.05,
};

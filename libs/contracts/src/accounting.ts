import type { Api } from './api.js';
import type { ErrorCode } from './errors.js';
import type { Origin } from './job.js';
import type { OutcomeState } from './outcome.js';
import type { PriorityClass } from './priority-class.js';
import type { Read } from './request.js';

/**
 * What accounting is asked over NATS, and what it answers. Both sides of each question are JSON. An answer is a
 * `Read`: `unavailable` when Postgres does not answer, `invalid_request` when the question makes no sense.
 */

/** Asks `accounting.usage`: what was used from `fromMs` until just before `toMs`, by when each attempt ended. */
export interface UsageQuestion {
  /** Absent for all tenants. */
  readonly tenant?: string;
  /** The public name. Absent for all models. */
  readonly model?: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export type UsageAnswer = Read<{ readonly rows: readonly UsageRow[] }>;

/** One tenant, one model, one day. Sorted by day, tenant and model. */
export interface UsageRow {
  readonly tenant: string;
  readonly model: string;
  /** `YYYY-MM-DD`, in UTC. */
  readonly day: string;
  /** Jobs that ended on that day, whatever their outcome. */
  readonly jobs: number;
  /** Attempts that ended on that day, charged for or not. */
  readonly attempts: number;
  /** The attempts among them that the provider charges for: rows of the ledger. */
  readonly chargedAttempts: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Part of `inputTokens`. */
  readonly cachedInputTokens: number;
  /** Part of `inputTokens`. */
  readonly cacheWriteTokens: number;
  /** Part of `outputTokens`. */
  readonly reasoningTokens: number;
  /** US dollars, exact, as decimal text: `0.00042`. A float could not hold the sum. */
  readonly costUsd: string;
}

/** Asks `accounting.outcome`: how a job ended, as far as Postgres knows. */
export interface OutcomeQuestion {
  readonly tenant: string;
  readonly job: string;
}

/** `outcome` is absent for a job that has not ended, whose event is still on its way, or that never was. */
export type OutcomeAnswer = Read<{ readonly outcome?: RecordedOutcome }>;

export interface RecordedOutcome {
  readonly state: OutcomeState;
  readonly attempts: number;
  readonly errorCode?: ErrorCode;
  readonly class: PriorityClass;
  readonly origin: Origin;
  readonly api: Api;
  readonly model: string;
  readonly acceptedAtMs: number;
  readonly endedAtMs: number;
}

/** Asks `accounting.generation`: what the ledger has of one job. */
export interface GenerationQuestion {
  readonly tenant: string;
  /** The job's id, or the id its provider gave the answer; the latter is found for a day. */
  readonly id: string;
}

/** `generation` is absent for a job that has not ended, whose event is still on its way, or that never was. */
export type GenerationAnswer = Read<{ readonly generation?: Generation }>;

/** A job that has ended, with what it cost. Tokens and cost are those of all its attempts together. */
export interface Generation extends RecordedOutcome {
  readonly job: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Part of `inputTokens`. */
  readonly cachedInputTokens: number;
  /** Part of `outputTokens`. */
  readonly reasoningTokens: number;
  /** US dollars, exact, as decimal text. */
  readonly costUsd: string;
  /** The last attempt that the provider charged for; absent for a job that had none. */
  readonly lastAttempt?: {
    readonly deployment: string;
    readonly provider: string;
    readonly upstreamModel: string;
    readonly upstreamId?: string;
    /** Whom the caller said it asked for. */
    readonly endUser?: string;
    readonly startedAtMs: number;
    readonly firstByteAtMs?: number;
    readonly endedAtMs: number;
  };
}

/** Asks `accounting.spending`: what a tenant, or one of its keys, has spent. */
export interface SpendingQuestion {
  readonly tenant: string;
  /** Absent for all of the tenant's keys, and for what came without one. */
  readonly keyName?: string;
  /** Starts of the present day, week and month: what each sum counts from. */
  readonly dayMs: number;
  readonly weekMs: number;
  readonly monthMs: number;
}

export type SpendingAnswer = Read<Spending>;

/** US dollars, exact, as decimal text. */
export interface Spending {
  readonly totalUsd: string;
  readonly dayUsd: string;
  readonly weekUsd: string;
  readonly monthUsd: string;
}

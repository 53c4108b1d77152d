import type { FailureReason } from './failure.js';
import type { Usage } from './usage.js';

/**
 * One try of a job on one deployment, as it is remembered: in the events, in a dead letter's history and in
 * the ledger. It holds no prompt and no completion.
 */
export interface AttemptRecord {
  /** Unique for all time, made when the job is dispatched. The ledger's key. */
  readonly id: string;
  /** Counted from 1 within the job. */
  readonly number: number;
  readonly deployment: string;
  readonly provider: string;
  /** The public model it ran as, where that is not the one that was asked for: a fallback. */
  readonly model?: string;
  /** The model's name at the provider. */
  readonly upstreamModel: string;
  readonly worker: string;
  /** When a router had the job in its hands, and when it sent it to the worker. */
  readonly takenAtMs?: number;
  readonly dispatchedAtMs?: number;
  /** Why the job's other deployments were not taken, by id. Absent where there was no other. */
  readonly skipped?: Readonly<Record<string, string>>;
  /** The attempt that it was sent beside, because that one was slow. One of the two is `outrun`. */
  readonly hedges?: string;
  readonly startedAtMs: number;
  /** When the first byte of the provider's answer arrived. Absent when none did. */
  readonly firstByteAtMs?: number;
  readonly endedAtMs: number;
  /** What the provider charges for. Absent when it charges nothing. */
  readonly usage?: Usage;
  readonly failure?: { readonly reason: FailureReason; readonly message: string; readonly status?: number };
  /**
   * It does not count against the attempts the job is allowed, because the deployment was out for everybody.
   * Set when what comes after it is decided.
   */
  readonly forgiven?: boolean;
  /** The id the provider gave its answer, to ask its support about. */
  readonly upstreamId?: string;
}

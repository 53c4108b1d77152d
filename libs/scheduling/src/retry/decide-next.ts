import {
  failureKind,
  MODEL_BOUND,
  type AttemptRecord,
  type BreakerState,
  type ErrorCode,
  type Failure,
  type FailureReason,
  type Job,
} from '@penstock/contracts';
import { fullJitterMs, type Random } from '@penstock/resilience';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from './retry-policy.js';

/** A deployment that the job's constraints allow, in the order it would be tried, as it stands now. */
export interface RetryCandidate {
  readonly deployment: string;
  /** The public model it serves: another one than the failed attempt's is a fallback that the caller listed. */
  readonly model: string;
  readonly breaker: BreakerState;
  /** The provider asked to be left alone until then. */
  readonly closedUntilMs?: number;
  /** Whether the deployment's retry budget has room for one more. */
  readonly withinRetryBudget: boolean;
}

export interface FailedJob {
  /** Its `attempts` include the one that failed, as the last. */
  readonly job: Job;
  readonly failure: Failure;
  /** Part of the answer has reached the caller. */
  readonly answerBegun: boolean;
  readonly candidates: readonly RetryCandidate[];
  readonly nowMs: number;
  readonly random: Random;
  readonly policy?: RetryPolicy;
}

/** What becomes of a job whose attempt failed. `forgiven` is to be kept in the attempt's record. */
export type NextStep = { readonly forgiven: boolean } & (
  | { readonly kind: 'retry'; readonly runsOn: readonly string[] }
  /** Again after `delayMs`, wherever there is room then. */
  | {
      readonly kind: 'wait';
      readonly delayMs: number;
      readonly hold: 'lease' | 'delayed';
      readonly runsOn: readonly string[];
    }
  | { readonly kind: 'fail'; readonly code: ErrorCode; readonly retryAfterMs?: number }
  | { readonly kind: 'dead_letter'; readonly code: ErrorCode }
  | { readonly kind: 'expire' }
);

/** Failures that the same deployment would repeat, whatever the job. */
const LASTING: ReadonlySet<FailureReason> = new Set(['credential_refused', 'model_missing']);

/**
 * Decides what becomes of a job whose attempt failed. Pure: whoever asks carries it out.
 *
 * - Once part of an answer has reached the caller nothing is retried.
 * - A deployment tried less often than the failed one is tried at once; when all had their chance, the job
 *   waits: full jitter, growing with its failures, on top of the time the provider asked for.
 * - An attempt is forgiven when the deployment had no room, or when its breaker is not closed: then it failed for
 *   everybody, and the job is not to blame. There is an end to that too (`forgivenFactor`).
 * - Retries stay within each deployment's budget; without budget a job waits instead.
 * - A wait that would outlast the deadline ends now, as does one that a class does not allow.
 */
export function decideNext(failed: FailedJob): NextStep {
  const { job, failure, candidates, nowMs } = failed;
  const policy = failed.policy ?? DEFAULT_RETRY_POLICY;
  const last = job.attempts.at(-1);
  const forgiven = isForgiven(
    failure,
    candidates.find((one) => one.deployment === last?.deployment),
  );

  if (failed.answerBegun) return { forgiven: false, kind: 'fail', code: 'stream_interrupted' };
  if (job.deadlineMs !== undefined && job.deadlineMs <= nowMs) return { forgiven, kind: 'expire' };

  const usable = usableCandidates(failed);
  if (failureKind(failure) === 'caller' && usable.length === 0) {
    return { forgiven: false, kind: 'fail', code: 'invalid_request' };
  }
  if (usable.length === 0 || attemptsSpent(job, forgiven, policy)) {
    return { forgiven, kind: 'dead_letter', code: exhaustedCode(job, failure) };
  }
  const now = readyNow(usable, job.attempts, last, nowMs);
  if (now.length > 0) return { forgiven, kind: 'retry', runsOn: now };
  return { forgiven, ...wait(failed, usable, policy) };
}

function isForgiven(failure: Failure, candidate: RetryCandidate | undefined): boolean {
  if (failureKind(failure) === 'overload') return true;
  return failureKind(failure) === 'provider' && candidate !== undefined && candidate.breaker !== 'closed';
}

function usableCandidates({ job, failure, candidates }: FailedJob): readonly RetryCandidate[] {
  const lasting = new Set(
    job.attempts
      .filter((attempt) => attempt.failure && LASTING.has(attempt.failure.reason))
      .map((attempt) => attempt.deployment),
  );
  const usable = candidates.filter((candidate) => !lasting.has(candidate.deployment));
  if (failureKind(failure) !== 'caller') return usable;
  if (!MODEL_BOUND.has(failure.reason)) return [];
  const tried = new Set(job.attempts.map((attempt) => attempt.deployment));
  const triedModels = new Set(
    candidates.filter((candidate) => tried.has(candidate.deployment)).map((candidate) => candidate.model),
  );
  return usable.filter((candidate) => !triedModels.has(candidate.model));
}

/** Nothing is given up on a failure that was everybody's, short of what no job is allowed. */
function attemptsSpent(job: Job, lastIsForgiven: boolean, policy: RetryPolicy): boolean {
  const allowed = policy.attempts[job.class];
  const counted = lastIsForgiven ? 0 : job.attempts.filter((attempt) => !attempt.forgiven).length;
  const made = job.attempts.filter((attempt) => attempt.failure?.reason !== 'no_slot').length;
  return counted >= allowed || made >= allowed * policy.forgivenFactor;
}

function readyNow(
  usable: readonly RetryCandidate[],
  attempts: readonly AttemptRecord[],
  last: AttemptRecord | undefined,
  nowMs: number,
): string[] {
  const tries = (deployment: string) =>
    attempts.filter((one) => one.deployment === deployment && one.failure?.reason !== 'no_slot').length;
  const bounced = last?.failure?.reason === 'no_slot';
  return usable
    .filter((one) => one.breaker === 'closed' && (one.closedUntilMs ?? 0) <= nowMs)
    .filter(
      (one) => bounced || (one.withinRetryBudget && tries(one.deployment) < tries(last?.deployment ?? '')),
    )
    .map((one) => one.deployment);
}

type Waiting =
  | Omit<Extract<NextStep, { kind: 'wait' }>, 'forgiven'>
  | Omit<Extract<NextStep, { kind: 'fail' }>, 'forgiven'>
  | Omit<Extract<NextStep, { kind: 'expire' }>, 'forgiven'>;

function wait(failed: FailedJob, usable: readonly RetryCandidate[], policy: RetryPolicy): Waiting {
  const { job, failure, nowMs, random } = failed;
  const failedOn = job.attempts.at(-1)?.deployment;
  const opensIn = (one: RetryCandidate) =>
    Math.max(
      0,
      (one.closedUntilMs ?? 0) - nowMs,
      one.deployment === failedOn ? (failure.retryAfterMs ?? 0) : 0,
    );
  const soonestMs = Math.min(...usable.map(opensIn));
  const failures = job.attempts.filter((attempt) => attempt.failure?.reason !== 'no_slot').length;
  const delayMs = Math.ceil(
    soonestMs + fullJitterMs(policy.backoff[job.class], Math.max(1, failures), random),
  );
  const startWithinMs = policy.startWithinMs[job.class];
  if (startWithinMs !== undefined && nowMs + delayMs > job.acceptedAtMs + startWithinMs) {
    return { kind: 'fail', code: exhaustedCode(job, failure), retryAfterMs: delayMs };
  }
  const leftMs = (job.deadlineMs ?? Infinity) - nowMs;
  if (soonestMs >= leftMs) return { kind: 'expire' };
  // Jitter alone must not cost a job its deadline.
  const heldMs = Math.max(soonestMs, Math.min(delayMs, leftMs / 2));
  return {
    kind: 'wait',
    delayMs: Math.ceil(heldMs),
    hold: heldMs <= policy.leaseWorthMs ? 'lease' : 'delayed',
    runsOn: usable.map((one) => one.deployment),
  };
}

function exhaustedCode(job: Job, failure: Failure): ErrorCode {
  // Another worker may have had it: the configuration is not everywhere the same while it is changed.
  if (failure.reason === 'preset_missing') return 'preset_not_found';
  const reasons = job.attempts.flatMap((attempt) => (attempt.failure ? [attempt.failure] : []));
  const overloaded = [...reasons, failure].every((one) => failureKind(one) === 'overload');
  return overloaded ? 'rate_limited' : 'provider_error';
}

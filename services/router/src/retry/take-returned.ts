import {
  HEADER,
  refusal,
  SUBJECT,
  type ErrorCode,
  type AttemptRecord,
  type DeadLetterReason,
  type Job,
} from '@penstock/contracts';
import { publishDurably, encodeJob, type Dispatch, type Returned } from '@penstock/messaging';
import { sleep } from '@penstock/resilience';
import {
  decideNext,
  narrowPlan,
  type NextStep,
  type RetryCandidate,
  type RetryPolicy,
  type RoutePlan,
} from '@penstock/scheduling';
import { dispatchJobs, processSpan, queuedTerms } from '../dispatch/dispatch-jobs.js';
import type { HeldJob } from '../dispatch/held-job.js';
import type { RouterParts } from '../dispatch/router-parts.js';
import { endHeldJob } from '../outcome/end-held-job.js';
import { chargeReturned } from '../queue/charge-usage.js';
import { planRoute, rankJob } from '../routing/plan-route.js';
import { delayJob } from './delay-job.js';

/** A job that ran while it was stored has its lease a moment later. One that was never stored has none. */
const LEASE_WITHIN_MS = 5_000;

/** A job that was dispatched and is this router's again. */
export interface ReturnedJob extends Omit<Returned, 'dispatch'> {
  readonly dispatch: Pick<
    Dispatch,
    'job' | 'body' | 'ackSubject' | 'deliveries' | 'suspect' | 'attemptId' | 'deployment'
  >;
}

/** Takes a job and its lease back from a worker, and does with it what the retry policy says. */
export async function takeReturned(parts: RouterParts, given: ReturnedJob): Promise<void> {
  const { clock, connection } = parts;
  // From here on it may go to any process.
  const ackSubject = await connection.early.whenHere(given.dispatch.ackSubject, () =>
    sleep(clock, LEASE_WITHIN_MS),
  );
  if (ackSubject === undefined)
    return endHeldJob(parts, given.dispatch, 'cancelled', refusal('client_closed_request'));
  const returned = { ...given, dispatch: { ...given.dispatch, ackSubject } };
  const { dispatch, failure } = returned;
  parts.leases.hold(dispatch.ackSubject, dispatch.job.class);
  chargeReturned(parts, returned);
  parts.dispatched.ended(dispatch.job);
  const planned = planRoute(parts, dispatch.job);
  if (!planned.ok) return endHeldJob(parts, dispatch, 'failed', planned.refusal);
  const plan = planned.value;
  if (!returned.attempted) return requeue(parts, returned, dispatch.job, plan);

  const step = decideNext({
    job: dispatch.job,
    failure,
    answerBegun: false,
    candidates: candidates(parts, dispatch.job, plan),
    nowMs: parts.clock.nowMs(),
    random: parts.random,
    policy: policyFor(parts, dispatch.job),
  });
  await carryOut(parts, returned, withForgiveness(dispatch.job, step.forgiven), step, plan);
}

async function carryOut(
  parts: RouterParts,
  returned: ReturnedJob,
  job: Job,
  step: NextStep,
  plan: RoutePlan,
): Promise<void> {
  const { ackSubject } = returned.dispatch;
  switch (step.kind) {
    case 'retry':
      parts.budget(returned.dispatch.deployment).tryRetry();
      return requeue(parts, returned, job, narrowPlan(plan, step.runsOn));
    case 'wait':
      if (step.hold === 'lease') {
        parts.clock.after(step.delayMs, () => requeue(parts, returned, job, narrowPlan(plan, step.runsOn)));
        return;
      }
      return delayJob(parts, { ...returned.dispatch, job }, step.delayMs);
    case 'expire':
      return endHeldJob(parts, { job, ackSubject }, 'expired', refusal('deadline_exceeded'));
    case 'fail':
      return endHeldJob(
        parts,
        { job, ackSubject },
        'failed',
        refusal(step.code, step.retryAfterMs === undefined ? {} : { retryAfterMs: step.retryAfterMs }),
      );
    case 'dead_letter':
      return deadLetter(parts, returned, job, step.code);
  }
}

/** Back into this router's queue, under the lease it has. */
function requeue(parts: RouterParts, { dispatch }: ReturnedJob, job: Job, plan: RoutePlan): void {
  if (parts.cancelled.take(job.tenant, job.id)) {
    return endHeldJob(
      parts,
      { job, ackSubject: dispatch.ackSubject },
      'cancelled',
      refusal('client_closed_request'),
    );
  }
  const bare = {
    job,
    body: dispatch.body,
    ackSubject: dispatch.ackSubject,
    deliveries: dispatch.deliveries,
    suspect: dispatch.suspect,
    heldSinceMs: parts.clock.nowMs(),
  };
  const held: HeldJob = { ...bare, span: processSpan(parts, bare), ...queuedTerms(parts, job, plan) };
  parts.tender().taken(job);
  if (!parts.queue.offer(held)) parts.tender().released(job);
  dispatchJobs(parts);
}

/** Sets the job aside for a person: stored there first, then ended. The body goes along, to be sent again. */
async function deadLetter(
  parts: RouterParts,
  { dispatch }: ReturnedJob,
  job: Job,
  code: ErrorCode,
): Promise<void> {
  const why = refusal(code);
  // A dead letter holds the request for weeks.
  if (parts.tenants.keepsNothing(job.tenant)) {
    return endHeldJob(parts, { job, ackSubject: dispatch.ackSubject }, 'failed', why);
  }
  const reason: DeadLetterReason = {
    code: why.code,
    message: why.message,
    atMs: parts.clock.nowMs(),
    history: job.attempts,
  };
  const headers = encodeJob(job);
  headers.set(HEADER.reason, JSON.stringify(reason));
  const stored = await publishDurably(parts.connection, SUBJECT.deadLetter(job), dispatch.body, {
    headers,
    messageId: `dead.${job.tenant}.${job.id}`,
  });
  // Not stored: the lease is left to run out, and the job comes again.
  if (stored.kind !== 'stored' && stored.kind !== 'duplicate')
    return parts.leases.release(dispatch.ackSubject);
  endHeldJob(parts, { job, ackSubject: dispatch.ackSubject }, 'dead_lettered', why);
}

/**
 * Where the job could go on. The retry is on the account of the deployment that failed, wherever it is made: so what a
 * failing deployment adds to the load of the others is bounded, and a healthy one can take all that it can bear.
 */
function candidates(parts: RouterParts, job: Job, plan: RoutePlan): RetryCandidate[] {
  const failedOn = job.attempts.at(-1)?.deployment;
  const withinRetryBudget = failedOn === undefined || parts.budget(failedOn).remaining() > 0;
  return rankJob(parts, job, plan).candidates.map(({ deployment, model, state }) => ({
    deployment: deployment.id,
    model,
    breaker: state.breaker,
    closedUntilMs: state.closedUntilMs ?? 0,
    withinRetryBudget,
  }));
}

/** The policy, with as many attempts as the model allows. */
function policyFor({ models, retryPolicy }: RouterParts, job: Job): RetryPolicy {
  const attempts = models.model(job.model)?.attempts;
  if (attempts === undefined) return retryPolicy;
  return { ...retryPolicy, attempts: { ...retryPolicy.attempts, [job.class]: attempts } };
}

function withForgiveness(job: Job, forgiven: boolean): Job {
  const last = job.attempts.at(-1);
  if (!forgiven || !last) return job;
  const kept: AttemptRecord = { ...last, forgiven: true };
  return { ...job, attempts: [...job.attempts.slice(0, -1), kept] };
}

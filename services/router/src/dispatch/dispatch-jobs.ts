import { sendDispatch, type Dispatch } from '@penstock/messaging';
import { endSpan, noteSkipped, SPAN, traceparentOf } from '@penstock/telemetry';
import { refusal, SUBJECT, type HedgeTerms, type Job } from '@penstock/contracts';
import {
  chooseCandidate,
  hedgeTerms,
  needsOf,
  skipReasons,
  type RankedCandidate,
  type RoutePlan,
  type Skipped,
  type Turn,
} from '@penstock/scheduling';
import { endHeldJob } from '../outcome/end-held-job.js';
import { rankJob } from '../routing/plan-route.js';
import type { HeldJob } from './held-job.js';
import type { RouterParts } from './router-parts.js';

interface Destination {
  readonly deployment: string;
  /** The public model that the deployment serves. */
  readonly model: string;
  readonly worker: string;
  /** Why the job's other deployments were not taken. */
  readonly skipped?: Skipped;
  readonly hedge?: HedgeTerms;
}

/**
 * Spends credits on waiting jobs, the most deserving first, until one of the two runs out, or the room
 * to write down what came of them.
 * From here on the worker holds the lease: if the dispatch is lost, the lease runs out and the job comes again.
 */
export function dispatchJobs(parts: RouterParts): void {
  const nowMs = parts.clock.nowMs();
  while (parts.eventRoom.isOpen) {
    const turn = parts.queue.next<Destination>((held) => pick(parts, held, nowMs), nowMs);
    if (!turn) break;
    if (turn.charged.class === 'interactive') noteStart(parts, turn.gate, nowMs);
    dispatch(parts, turn, nowMs);
  }
  if (parts.queue.hasWaiting('interactive')) parts.urge();
  for (const expired of parts.queue.takeExpired(nowMs)) {
    leaveQueue(parts, expired);
    endHeldJob(parts, expired, 'expired', refusal('deadline_exceeded'));
  }
}

/** What did not come off its lane makes no room for another one that does. */
function leaveQueue({ tender }: RouterParts, { job, early }: HeldJob): void {
  if (!early) tender().released(job);
}

/** Whether a worker shares this router's process: it needs no lease that holds in another one. */
function isHere({ connection }: RouterParts, worker: string): boolean {
  return connection.local.find(SUBJECT.work(worker)) !== undefined;
}

/** A gate's pace is measured while jobs wait there, and no longer. */
function noteStart({ rates, queue }: RouterParts, gate: string, nowMs: number): void {
  rates.started(gate, nowMs);
  if (queue.waitingAt(gate, 'interactive') === 0) rates.idle(gate, nowMs);
}

function pick(parts: RouterParts, held: HeldJob, nowMs: number): Destination | undefined {
  const { plan, job } = held;
  const spend = (deployment: string) =>
    parts.credits.spend(deployment, nowMs, held.early ? (worker) => isHere(parts, worker) : undefined);
  const [only, ...others] = plan.screening.allowed;
  if (only && others.length === 0) {
    const worker = spend(only.deployment.id);
    if (worker === undefined) return undefined;
    const skipped = skipReasons([], plan.screening.removed, undefined, nowMs, false);
    return {
      deployment: only.deployment.id,
      model: only.model,
      worker,
      ...(skipped && { skipped }),
    };
  }
  // Of a gate that has no room at all, one job is looked at and not even ranked.
  if (!plan.runsOn.some((deployment) => parts.credits.held(deployment) > 0)) return undefined;
  const { candidates, removed } = rankJob(parts, job, plan);
  const keepsModels = plan.terms !== undefined;
  const choice = chooseCandidate(candidates, spend, nowMs, keepsModels);
  if (!choice) return undefined;
  const { candidate, pick: worker } = choice;
  const skipped = skipReasons(candidates, removed, candidate, nowMs, keepsModels);
  const hedge = hedgeOf(parts, held, candidates, candidate, nowMs);
  return {
    deployment: candidate.deployment.id,
    model: candidate.model,
    worker,
    ...(skipped && { skipped }),
    ...(hedge && { hedge }),
  };
}

/** Most models have no such policy, and cost a look. */
function hedgeOf(
  { models, retryPolicy }: RouterParts,
  { job, plan: { preferences } }: HeldJob,
  candidates: readonly RankedCandidate[],
  taken: RankedCandidate,
  nowMs: number,
): HedgeTerms | undefined {
  const policy = models.model(taken.model)?.hedge;
  if (!policy) return undefined;
  const attemptsAllowed = models.model(job.model)?.attempts ?? retryPolicy.attempts[job.class];
  return hedgeTerms({ job, policy, preferences, candidates, taken, attemptsAllowed, nowMs });
}

function dispatch(
  parts: RouterParts,
  {
    job: held,
    pick: { deployment, model, worker, skipped, hedge },
    charged,
    account,
  }: Turn<HeldJob, Destination>,
  nowMs: number,
): void {
  const { job, span, plan } = held;
  parts.leases.release(held.ackSubject);
  leaveQueue(parts, held);
  const traceparent = traceparentOf(span);
  const sent: Dispatch = {
    // The context of a job that is not traced is handed on as it came.
    job: traceparent === undefined || traceparent === job.traceparent ? job : { ...job, traceparent },
    body: held.body,
    ackSubject: held.ackSubject,
    deliveries: held.deliveries,
    suspect: held.suspect,
    attemptId: parts.makeId('att'),
    deployment,
    ...(model !== job.model && { model }),
    ...(hasUntriedModel(plan, job, model) && { fallback: true }),
    router: parts.router,
    number: parts.dispatched.nextNumber(worker),
    takenAtMs: held.heldSinceMs,
    dispatchedAtMs: nowMs,
    ...(skipped && { skipped }),
    ...(hedge && { hedge }),
  };
  sendDispatch(parts.connection, worker, sent);
  const { cost, runsOn, terms } = held;
  const charge = { charged, account, job: { cost, runsOn, ...(terms !== undefined && { terms }) } };
  parts.dispatched.sent(worker, sent, charge);
  parts.starts.record(nowMs);
  const { metrics } = parts.telemetry;
  const last = job.attempts.at(-1);
  if (!last) {
    parts.budget(deployment).recordFirst();
    metrics.queueTime.record((nowMs - job.acceptedAtMs) / 1000, { class: job.class });
  } else if (last.deployment !== deployment) {
    metrics.failovers.add(1, { deployment: last.deployment });
  }
  if (skipped) noteSkipped(span, skipped);
  endSpan(span, { 'penstock.deployment': deployment });
}

/** Whether another model is left for a request that this one does not take. */
function hasUntriedModel(plan: RoutePlan, { attempts }: Job, model: string): boolean {
  if (plan.routes.length === 1) return false;
  const tried = new Set(attempts.map(({ deployment }) => deployment));
  const spent = new Set([model]);
  for (const one of plan.screening.allowed) if (tried.has(one.deployment.id)) spent.add(one.model);
  return plan.screening.allowed.some((one) => !spent.has(one.model));
}

/** What the queue has to know of a job with that plan. */
export function queuedTerms(parts: RouterParts, job: Job, plan: RoutePlan) {
  const { runsOn, terms } = plan;
  const cost = parts.models.estimatedCost(runsOn, needsOf(job));
  const expectedMs = job.deadlineMs === undefined ? undefined : expectedCallMs(parts, runsOn);
  return {
    plan,
    runsOn,
    cost,
    ...(terms !== undefined && { terms }),
    ...(expectedMs !== undefined && { expectedMs }),
  };
}

/** How long an attempt takes at the quickest of the deployments, by the median of its calls; undefined if none had any. */
function expectedCallMs({ health, clock }: RouterParts, runsOn: readonly string[]): number | undefined {
  const medians = runsOn.flatMap((id) => health.report(id, clock.nowMs()).callMs?.p50 ?? []);
  return medians.length > 0 ? Math.min(...medians) : undefined;
}

/**
 * Starts the span of a router's work on a job: from here to its dispatch. A job from another service that brings no
 * context belongs to no trace; one that a publisher brought without a context begins a trace here.
 */
export function processSpan(parts: RouterParts, held: Pick<HeldJob, 'job' | 'deliveries' | 'heldSinceMs'>) {
  const { job, deliveries, heldSinceMs } = held;
  return parts.telemetry.tracing.startSpan(SPAN.process, job.traceparent, {
    job,
    queueTimeMs: heldSinceMs - job.acceptedAtMs,
    deliveries,
  });
}

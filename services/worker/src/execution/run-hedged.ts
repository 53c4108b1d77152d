import { hedgeId, type AttemptRecord, type HedgeTerms } from '@penstock/contracts';
import { AttemptAborted, type AttemptResult } from './attempt-result.js';
import { Race, recordsOf } from './race.js';
import { ReadWindow } from './read-window.js';
import { leaveSeat, runAttempt, type AttemptOrder } from './run-attempt.js';
import type { RunningJob } from './running-jobs.js';
import { tellAttempt } from './settle-attempt.js';
import { expectedTokens } from './worker-deployment.js';
import type { WorkerParts } from './worker-parts.js';

/** An attempt that is slower than 95 % is not slow for that if it is quicker than this. */
const SOONEST_MS = 100;

/** That a job's first attempt may be hedged, and when. */
export interface ReadyHedge {
  readonly terms: HedgeTerms;
  readonly afterMs: number;
}

/** What came of a job's attempts that ran at the same time. */
export interface Raced {
  /** Decides what becomes of the job. */
  readonly result: AttemptResult;
  /** The attempts that were made beside it. */
  readonly beside: readonly AttemptRecord[];
  /** False if one of these could not be put on record. */
  readonly recorded: boolean;
}

/**
 * Notes a job that may be hedged, and says when. Undefined while nobody knows what is slow at its deployment: a guess
 * would spend the budget on calls that are as they should be.
 */
export function readyHedge(
  { figures, hedgeBudget }: Pick<WorkerParts, 'figures' | 'hedgeBudget'>,
  { dispatch, deployment }: Pick<AttemptOrder, 'dispatch' | 'deployment'>,
): ReadyHedge | undefined {
  const { hedge: terms, job, model = job.model } = dispatch;
  if (!terms) return undefined;
  if (job.attempts.length === 0) hedgeBudget(model).recordJob(terms.share);
  const slowMs = figures.slowMs(deployment.id, job.stream);
  const afterMs = terms.afterMs ?? (slowMs && Math.max(SOONEST_MS, slowMs));
  return afterMs === undefined ? undefined : { terms, afterMs };
}

/**
 * Makes an attempt, and a second one elsewhere if the first has nothing to show when its time is over. Who is first with
 * something to answer goes on alone.
 */
export async function runHedged(
  parts: WorkerParts,
  first: AttemptOrder,
  running: RunningJob,
  { terms, afterMs }: ReadyHedge,
): Promise<Raced> {
  const race = new Race();
  const told = new Map<string, Promise<boolean>>();
  const tell = (record: AttemptRecord) => {
    if (!told.has(record.id)) told.set(record.id, tellAttempt(parts, first.dispatch, record));
  };
  const run = async (order: AttemptOrder): Promise<void> => {
    const entrant = race.enter(() => {
      cancelTimer();
      running.window = order.window;
      running.deployment = order.deployment.id;
    });
    const signal = AbortSignal.any([first.signal, entrant.signal]);
    const result = await runAttempt(parts, { ...order, signal, claim: entrant.claim });
    entrant.end(result);
    // The one that goes on may do so for minutes, and die with its worker.
    if (!race.isDecidedBy(entrant)) recordsOf(result).forEach(tell);
  };
  let second: Promise<void> | undefined;
  const cancelTimer = parts.clock.after(afterMs, () => {
    if (race.isDecided || first.signal.aborted) return;
    const order = orderHedge(parts, first, terms);
    if (!order) return;
    running.hedge = { hedges: first.dispatch.attemptId, deployment: order.deployment.id };
    second = run(order).finally(() => {
      delete running.hedge;
      leaveSeat(parts, order.dispatch, order.seat, { kind: 'failed', usage: undefined });
    });
    // It is awaited below, after the first.
    second.catch(() => undefined);
  });

  try {
    await run(first);
    cancelTimer();
    await second;
  } catch (error) {
    cancelTimer();
    running.controller.abort(new AttemptAborted('cancelled'));
    throw error;
  }
  const { result, winner, beside } = race.outcome();
  if (second) count(parts, first, !isAnswer(result) ? 'failed' : winner === 0 ? 'lost' : 'won');
  beside.forEach(tell);
  const recorded = (await Promise.all(told.values())).every(Boolean);
  return { result, beside, recorded };
}

/** Takes a place for a second attempt, and one hedge out of the budget. Undefined where there is none of either. */
function orderHedge(parts: WorkerParts, first: AttemptOrder, { to }: HedgeTerms): AttemptOrder | undefined {
  const { skipped: _, hedge: __, ...dispatch } = first.dispatch;
  const { job, model = job.model, router } = dispatch;
  const budget = parts.hedgeBudget(model);
  if (!budget.hasRoom) return count(parts, first, 'no_budget');
  const nowMs = parts.clock.nowMs();
  for (const id of parts.capacity.isDraining ? [] : to) {
    const deployment = parts.deployments.get(id)?.deployment;
    const seat = deployment && parts.slots.startSpare(router, id, expectedTokens(deployment, job), nowMs);
    if (!seat) continue;
    budget.tryHedge();
    // A router has been promised this place.
    parts.capacity.changed();
    const attemptId = hedgeId(dispatch.attemptId);
    return {
      dispatch: { ...dispatch, attemptId, deployment: id },
      number: first.number + 1,
      hedges: dispatch.attemptId,
      deployment,
      seat,
      signal: first.signal,
      window: new ReadWindow(parts.clock, attemptId, job.paced === true),
    };
  }
  return count(parts, first, 'no_room');
}

function isAnswer({ kind }: AttemptResult): boolean {
  return kind === 'answered' || kind === 'interrupted';
}

function count(
  { telemetry }: Pick<WorkerParts, 'telemetry'>,
  { deployment }: Pick<AttemptOrder, 'deployment'>,
  outcome: 'won' | 'lost' | 'failed' | 'no_budget' | 'no_room',
): undefined {
  telemetry.metrics.hedges.add(1, { deployment: deployment.id, outcome });
}

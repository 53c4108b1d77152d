import { failureKind } from '@penstock/contracts';
import { isAwaited, type Dispatch } from '@penstock/messaging';
import type { LimitReading } from '@penstock/providers';
import type { Seat, SeatEnd } from '../capacity/seat.js';
import type { AttemptResult } from './attempt-result.js';
import { executeAttempt } from './execute-attempt.js';
import { observeAttempt } from './observe-attempt.js';
import type { ReadWindow } from './read-window.js';
import type { AttemptParts } from './running-attempt.js';
import type { WorkerDeployment } from './worker-deployment.js';
import type { WorkerParts } from './worker-parts.js';

/** One attempt that is to be made, in a place that was taken for it. */
export interface AttemptOrder {
  /** With this attempt's own id and deployment. */
  readonly dispatch: Dispatch;
  /** Counted from 1 within the job. */
  readonly number: number;
  /** The attempt that it runs beside, if it is a hedge. */
  readonly hedges?: string;
  readonly deployment: WorkerDeployment;
  readonly seat: Seat;
  readonly signal: AbortSignal;
  readonly window: ReadWindow;
  /** Asked when there is something to answer with; false when another attempt was first. Absent: there is none. */
  readonly claim?: () => boolean;
  /** Told of the result before the place is given up: its next holder is told of with what is noted then. */
  readonly onResult?: ((result: AttemptResult) => void) | undefined;
}

/** Makes an attempt behind its deployment's breaker, gives up its place, and writes down how it went. */
export async function runAttempt(parts: WorkerParts, order: AttemptOrder): Promise<AttemptResult> {
  const { dispatch, deployment, seat, signal } = order;
  const observed = observeAttempt(parts.telemetry, order);
  const attemptParts: AttemptParts = {
    connection: parts.connection,
    clock: parts.clock,
    worker: parts.worker,
    rules: parts.rules,
    deployment,
    provider: seat.provider,
    number: order.number,
    hedges: order.hedges,
    claim: order.claim,
    window: order.window,
    onLimits: (limits: LimitReading) => seat.heard(limits),
    onStream: () => parts.breakers.streaming(deployment.id),
  };
  const execute = async (): Promise<AttemptResult> => {
    const result = await executeAttempt(attemptParts, dispatch, signal, observed.traceparent);
    const refused = result.kind === 'retryable' && result.failure.reason === 'credential_refused';
    // One of several credentials: the deployment is not to blame, nor is the job.
    return refused && parts.slots.setAside(deployment.id, seat, parts.clock.nowMs())
      ? noSlot(`${deployment.provider} refused one of the credentials of ${deployment.id}.`)
      : result;
  };
  const { api } = dispatch.job;
  const isUnserved = (result: AttemptResult) =>
    isModelMissing(result) && parts.served.servesOnlyOthers(deployment.id, api);
  const blames = (result: AttemptResult) => blamesDeployment(result) && !isUnserved(result);
  const ran = await parts.breakers.run(deployment.id, execute, blames);
  const result = ran === 'open' ? noSlot(`The circuit breaker of ${deployment.id} is open.`) : ran;
  // The provider is done with this job: its place is free for the next one while this one is written down.
  order.onResult?.(result);
  leaveSeat(parts, dispatch, seat, seatEnd(result, seat.spentByRate));
  if (!isAwaited(dispatch.job)) await parts.connection.spareTime.turn();
  observed.end(result);
  if (result.kind !== 'not_attempted' && !isUnserved(result))
    parts.figures.record(result.attempt, dispatch.job.stream);
  if (result.kind === 'answered' && result.answer.outcome === 'succeeded')
    parts.served.note(deployment.id, api);
  return result;
}

/** Gives up the place of a dispatch. Only the first end counts. */
export function leaveSeat(
  { slots, capacity }: Pick<WorkerParts, 'slots' | 'capacity'>,
  { router, deployment }: Pick<Dispatch, 'router' | 'deployment'>,
  seat: Seat,
  end: SeatEnd,
): void {
  if (slots.end(router, deployment, seat, end)) capacity.changed();
}

export function noSlot(message: string): AttemptResult {
  return { kind: 'not_attempted', failure: { reason: 'no_slot', message } };
}

/** What an attempt says of the deployment's capacity. */
function seatEnd(result: AttemptResult, byRate: boolean): SeatEnd {
  switch (result.kind) {
    case 'not_attempted':
      return { kind: 'unused' };
    case 'retryable':
      if (failureKind(result.failure) === 'overload')
        return { kind: 'refused', retryAfterMs: result.failure.retryAfterMs, byRate };
      return { kind: 'failed', usage: result.attempt.usage };
    case 'answered':
      return {
        kind: result.answer.outcome === 'succeeded' ? 'succeeded' : 'failed',
        usage: result.attempt.usage,
      };
    default:
      return { kind: 'failed', usage: result.attempt.usage };
  }
}

function blamesDeployment(result: AttemptResult): boolean {
  return (
    (result.kind === 'retryable' || result.kind === 'interrupted') &&
    failureKind(result.failure) === 'provider'
  );
}

function isModelMissing(result: AttemptResult): boolean {
  return result.kind === 'retryable' && result.failure.reason === 'model_missing';
}

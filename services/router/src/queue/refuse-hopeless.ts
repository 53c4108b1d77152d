import type { Refusal } from '@penstock/contracts';
import { noEventRoom } from '@penstock/messaging';
import { refuseStart, refuseWaiting, reopensAtMs, type ExpectedStart } from '@penstock/scheduling';
import type { HeldJob } from '../dispatch/held-job.js';
import type { RouterParts } from '../dispatch/router-parts.js';
import { endHeldJob } from '../outcome/end-held-job.js';

/** What holds for all jobs that wait at a gate. */
type AtGate = Pick<ExpectedStart, 'perSecond' | 'reopensAtMs' | 'hasRoom'>;

/** Refuses an interactive job that has just found no room, if it is clear that it will find none in time. */
export function refuseIfHopeless(parts: RouterParts, { job }: HeldJob): void {
  if (job.class !== 'interactive') return;
  const position = parts.queue.gatePosition(job, job.id);
  const held = position && parts.queue.find(job, job.id);
  if (!held) return;
  const nowMs = parts.clock.nowMs();
  const atGate = lookAt(parts, position.gate, held.runsOn, nowMs);
  if (isCallable(atGate, nowMs)) parts.rates.busy(position.gate, nowMs);
  const why = refuseStart(expectedStart(parts, held, position.ahead(), atGate, nowMs), parts.random);
  if (why) refuse(parts, held, why);
}

/**
 * Looks at all interactive jobs that wait: those that have waited past their bound are refused while their callers
 * still have the patience to hear it, and those for whom it has become clear that they would have to.
 */
export function refuseHopeless(parts: RouterParts): void {
  if (!parts.eventRoom.isOpen) {
    // Accepted before its ingress had heard of it: nothing is dispatched for who knows how long.
    for (const held of parts.queue.jobs('interactive')) refuse(parts, held, noEventRoom());
    return;
  }
  const nowMs = parts.clock.nowMs();
  const gates = new Map<string, AtGate>();
  const busy = new Set<string>();
  for (const { gate, runsOn } of parts.queue.waitingGates('interactive')) {
    const atGate = lookAt(parts, gate, runsOn, nowMs);
    gates.set(gate, atGate);
    if (!isCallable(atGate, nowMs)) continue;
    busy.add(gate);
    parts.rates.busy(gate, nowMs);
  }
  parts.rates.idleBut(busy, nowMs);
  for (const held of parts.queue.jobs('interactive')) {
    const position = parts.queue.gatePosition(held.job, held.job.id)!;
    const last = expectedStart(parts, held, position.others, gates.get(position.gate)!, nowMs);
    if (last.startWithinMs <= nowMs - held.job.acceptedAtMs) {
      // Who comes in its place comes behind all that wait.
      refuse(parts, held, refuseWaiting(last, parts.random));
      continue;
    }
    // Most are in time even behind all others: only of the rest it matters where they stand.
    if (!refuseStart(last, parts.random)) continue;
    const why = refuseStart({ ...last, ahead: position.ahead() }, parts.random);
    if (why) refuse(parts, held, why);
  }
}

function lookAt(parts: RouterParts, gate: string, runsOn: readonly string[], nowMs: number): AtGate {
  return {
    perSecond: parts.rates.perSecond(gate, nowMs),
    reopensAtMs: reopensAtMs(runsOn, parts.states.of),
    hasRoom: runsOn.some((deployment) => parts.credits.held(deployment) > 0),
  };
}

/** What cannot be called starts nothing, and that says nothing of how fast it is. */
function isCallable({ reopensAtMs }: AtGate, nowMs: number): boolean {
  return reopensAtMs === undefined || reopensAtMs <= nowMs;
}

function expectedStart(
  parts: RouterParts,
  { job }: HeldJob,
  ahead: number,
  atGate: AtGate,
  nowMs: number,
): ExpectedStart {
  const startWithinMs = parts.retryPolicy.startWithinMs.interactive ?? Infinity;
  const startByMs = Math.min(job.acceptedAtMs + startWithinMs, job.deadlineMs ?? Infinity);
  return { nowMs, startByMs, startWithinMs, ahead, ...atGate };
}

function refuse(parts: RouterParts, held: HeldJob, why: Refusal): void {
  const { job } = held;
  parts.queue.remove(job, job.id);
  parts.tender().released(job);
  parts.telemetry.metrics.refusals.add(1, { origin: job.origin, code: why.code });
  endHeldJob(parts, held, 'failed', why);
}

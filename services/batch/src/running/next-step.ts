import type { BatchStatus } from '@penstock/contracts';
import { isFlushDue, type FlushPolicy } from '../collection/flush-due.js';
import { nextRelease, type ReleaseWindow } from '../release/next-release.js';

/** All that decides what a batch does next. Times are those of one clock. */
export interface RunView {
  readonly status: BatchStatus;
  readonly expiresAtMs: number;
  readonly total: number;
  /** Lines 1 to `released` were sent to the lane, or are about to be. */
  readonly released: number;
  /** Of those, lines that the lane has not taken yet. */
  readonly unsent: number;
  /** Nothing is sent before: the lane was full, or the server away. */
  readonly pausedUntilMs: number;
  /** Lines whose ending stands in a file. */
  readonly done: number;
  /** Lines whose ending is known and not written yet. */
  readonly gathered: { readonly lines: number; readonly bytes: number; readonly sinceMs: number };
  /** When the batch was cancelled, or its window found to be over. */
  readonly endingSinceMs: number | undefined;
  /** When the lines on their way were last called back. */
  readonly calledBackAtMs: number | undefined;
}

export interface RunPolicy {
  readonly window: ReleaseWindow;
  readonly flush: FlushPolicy;
  /** How long an ending batch waits for outcomes of lines it has called back. */
  readonly graceMs: number;
  /** How often it calls them back: a call is heard only by who holds the job at that moment. */
  readonly callBackEveryMs: number;
}

export const DEFAULT_GRACE_MS = 30_000;

/** What to do next. Each step may be interrupted anywhere and done again. */
export type Step =
  /** Read the whole file, and release none of it if any of it is wrong. */
  | { readonly kind: 'validate' }
  /** Send this many more lines to the lane, or those that it did not take. */
  | { readonly kind: 'release'; readonly count: number }
  /** Write the gathered endings to the files. */
  | { readonly kind: 'write' }
  /** The window is over: release no more. */
  | { readonly kind: 'close' }
  /** Ask who holds released lines to drop them. */
  | { readonly kind: 'call_back' }
  /** Give lines that have no outcome, and will have none, an ending that says why. */
  | { readonly kind: 'end_unfinished' }
  | { readonly kind: 'finish'; readonly status: 'completed' | 'expired' | 'cancelled' }
  /** Nothing to do until something happens, or until then. */
  | { readonly kind: 'wait'; readonly untilMs: number };

export function nextStep(view: RunView, policy: RunPolicy, nowMs: number): Step {
  if (view.status === 'validating') {
    return nowMs < view.expiresAtMs ? { kind: 'validate' } : { kind: 'finish', status: 'expired' };
  }
  return view.status === 'in_progress' ? whileRunning(view, policy, nowMs) : whileEnding(view, policy, nowMs);
}

function whileRunning(view: RunView, policy: RunPolicy, nowMs: number): Step {
  if (view.done === view.total) return { kind: 'finish', status: 'completed' };
  const more = view.released < view.total || view.unsent > 0;
  if (isWriteDue(view, policy, nowMs, more)) return { kind: 'write' };
  if (nowMs >= view.expiresAtMs) return { kind: 'close' };
  const paused = nowMs < view.pausedUntilMs;
  if (view.unsent > 0 && !paused) return { kind: 'release', count: view.unsent };
  const count = view.unsent > 0 ? 0 : nextRelease({ ...view, arrived: arrived(view) }, policy.window);
  if (count > 0 && !paused) return { kind: 'release', count };
  return {
    kind: 'wait',
    untilMs: Math.min(view.expiresAtMs, writeDueAt(view, policy), paused ? view.pausedUntilMs : Infinity),
  };
}

function whileEnding(view: RunView, policy: RunPolicy, nowMs: number): Step {
  if (view.done === view.total) return { kind: 'finish', status: endStatus(view) };
  if (isWriteDue(view, policy, nowMs, false)) return { kind: 'write' };
  const outstanding = view.released - view.unsent - arrived(view);
  const graceEndsAtMs = (view.endingSinceMs ?? nowMs) + policy.graceMs;
  if (outstanding > 0 && nowMs < graceEndsAtMs) {
    const callBackAtMs =
      view.calledBackAtMs === undefined ? nowMs : view.calledBackAtMs + policy.callBackEveryMs;
    if (nowMs >= callBackAtMs) return { kind: 'call_back' };
    return { kind: 'wait', untilMs: Math.min(callBackAtMs, graceEndsAtMs, writeDueAt(view, policy)) };
  }
  return view.gathered.lines > 0 ? { kind: 'write' } : { kind: 'end_unfinished' };
}

/** `finalizing` is entered before the end only when the window is over. */
function endStatus(view: RunView): 'expired' | 'cancelled' {
  return view.status === 'cancelling' ? 'cancelled' : 'expired';
}

function arrived(view: RunView): number {
  return view.done + view.gathered.lines;
}

function isWriteDue(view: RunView, policy: RunPolicy, nowMs: number, more: boolean): boolean {
  const { lines, bytes, sinceMs } = view.gathered;
  const missing = view.released - arrived(view);
  return isFlushDue({ lines, bytes, ageMs: nowMs - sinceMs, missing, more }, policy.flush);
}

function writeDueAt(view: RunView, policy: RunPolicy): number {
  return view.gathered.lines > 0 ? view.gathered.sinceMs + policy.flush.afterMs : Infinity;
}

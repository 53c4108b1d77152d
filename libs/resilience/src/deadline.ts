import type { Clock } from './clock.js';

/** The signal's reason when it was the deadline that passed, and not the caller who left. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';

  constructor() {
    super('The deadline passed.');
  }
}

export interface Deadline {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** Never negative. */
  remainingMs(): number;
  /** Aborted when the deadline passes, with a DeadlinePassed, or when `parent` is, with its reason. */
  readonly signal: AbortSignal;
  /** Forgets the timer and the parent. The signal is never aborted afterwards. Safe to call twice. */
  release(): void;
}

/** `setTimeout` runs at once what it is given a longer delay for. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * An instant by which something must be done. It is an instant and not a duration, because it travels with a job
 * from process to process. It follows the wall clock, looked at again whenever the timer runs out.
 */
export function deadlineAt(clock: Clock, atMs: number, parent?: AbortSignal): Deadline {
  const controller = new AbortController();
  const remainingMs = () => Math.max(0, atMs - clock.nowMs());
  let cancel = () => {};

  const release = () => {
    cancel();
    parent?.removeEventListener('abort', onParent);
  };
  const onParent = () => {
    release();
    controller.abort(parent?.reason);
  };
  const look = () => {
    const leftMs = remainingMs();
    if (leftMs > 0) {
      cancel = clock.after(Math.min(leftMs, LONGEST_TIMER_MS), look);
      return;
    }
    release();
    controller.abort(new DeadlinePassed());
  };

  if (parent?.aborted) controller.abort(parent.reason);
  else {
    parent?.addEventListener('abort', onParent, { once: true });
    look();
  }
  return { atMs, remainingMs, signal: controller.signal, release };
}

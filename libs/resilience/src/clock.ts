/**
 * Time, given instead of taken, so that whoever needs it can be tested in no time at all.
 */
export interface Clock {
  /** Milliseconds since the epoch. May jump; never use it to measure a duration. */
  nowMs(): number;
  /** Milliseconds since some fixed instant. Never goes back. */
  monotonicMs(): number;
  /** Runs `task` once after `delayMs`. Returns what cancels it. */
  after(delayMs: number, task: () => void): () => void;
  /** Runs `task` every `periodMs` until cancelled. Does not keep the process alive. */
  every(periodMs: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
  every(periodMs, task) {
    const timer = setInterval(task, periodMs);
    timer.unref();
    return () => clearInterval(timer);
  },
};

/** Resolves after `delayMs`, or rejects with the signal's reason if that comes first. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const onAbort = () => {
      cancel();
      reject(signal?.reason as Error);
    };
    const cancel = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

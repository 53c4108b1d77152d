import { sleep, type Clock } from '@penstock/resilience';

/** How long something that has to be written down is tried for while the server is away. */
const PATIENCE_MS = 120_000;

/** Tries until it is done, or the time for it is over; gives what came of the last try. */
export async function untilDone<T>(
  clock: Clock,
  step: () => Promise<T>,
  isDone: (made: T) => boolean,
): Promise<T> {
  const giveUpAtMs = clock.monotonicMs() + PATIENCE_MS;
  for (let delayMs = 50; ; delayMs = Math.min(delayMs * 2, 2_000)) {
    const made = await step();
    if (isDone(made) || clock.monotonicMs() > giveUpAtMs) return made;
    await sleep(clock, delayMs);
  }
}

import { fetchAnswer } from '@penstock/messaging';
import { sleep, type Clock } from '@penstock/resilience';
import type { BatchParts } from '../running/batch-parts.js';

/** So often a body is looked for that the store says it does not have. Copies of a bucket may lag a moment. */
const TRIES_IF_GONE = 3;

/** So often when the store does not say, which with the pauses is for about three minutes. */
const TRIES_IF_UNKNOWN = 20;

const PAUSE_MS = [200, 10_000] as const;

/** One look at the store. What has lost a piece of itself would be waited for without end. */
const LOOK_MS = 30_000;

/**
 * The body of a line's answer, from the object store, where it lies under `claimCheck`. Undefined when it cannot be had: after a bounded
 * number of tries, so that one lost answer does not hold its whole batch up. While the connection is lost nothing
 * counts, since then nothing comes at all.
 */
export async function fetchBody(
  { connection, clock }: Pick<BatchParts, 'connection' | 'clock'>,
  claimCheck: string,
  isClosed: () => boolean,
): Promise<Uint8Array | undefined> {
  let pauseMs: number = PAUSE_MS[0];
  for (let gone = 0, unknown = 0; gone < TRIES_IF_GONE && unknown < TRIES_IF_UNKNOWN && !isClosed();) {
    const look = fetchAnswer(connection, claimCheck).catch(() => 'unknown' as const);
    const found = await orUnknown(clock, look);
    if (found instanceof Uint8Array) return found;
    if (connection.connected) {
      if (found === undefined) gone++;
      else unknown++;
    }
    await sleep(clock, pauseMs);
    pauseMs = Math.min(pauseMs * 2, PAUSE_MS[1]);
  }
  return undefined;
}

/** What a look finds, or that it took too long. */
async function orUnknown<T>(clock: Clock, look: Promise<T>): Promise<T | 'unknown'> {
  let cancel: () => void = () => undefined;
  const late = new Promise<'unknown'>((resolve) => (cancel = clock.after(LOOK_MS, () => resolve('unknown'))));
  return Promise.race([look, late]).finally(() => cancel());
}

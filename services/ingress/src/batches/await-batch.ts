import { SUBJECT, type BatchObject } from '@penstock/contracts';
import { listen, type Connection } from '@penstock/messaging';
import { sleep, type Clock } from '@penstock/resilience';
import { hasEnded } from '../message-batches/message-batch.js';

/** Who told of an end may have died before it did: so often it is asked for all the same. */
const ASK_AGAIN_MS = 5_000;

/** Waits until a batch has ended, at most `waitMs`, and returns it as it is then. What `ask` throws is thrown. */
export async function awaitBatch(
  { connection, clock }: { readonly connection: Connection; readonly clock: Clock },
  tenant: string,
  ask: () => Promise<BatchObject>,
  waitMs: number,
  signal: AbortSignal,
): Promise<BatchObject> {
  const endsAtMs = clock.monotonicMs() + waitMs;
  // Only an id that is known may stand in a subject.
  const known = await ask();
  if (hasEnded(known)) return known;
  let heard = new AbortController();
  const stop = listen(connection, SUBJECT.batchEnded(tenant, known.id), () => heard.abort());
  try {
    for (;;) {
      const batch = await ask();
      const leftMs = endsAtMs - clock.monotonicMs();
      if (hasEnded(batch) || leftMs <= 0 || signal.aborted) return batch;
      await sleep(clock, Math.min(leftMs, ASK_AGAIN_MS), AbortSignal.any([heard.signal, signal])).catch(
        () => undefined,
      );
      heard = new AbortController();
    }
  } finally {
    stop();
  }
}

import { refusal, type AskOne, type BatchObject, type Read } from '@penstock/contracts';
import type { BatchParts } from '../running/batch-parts.js';
import type { RunningBatches } from '../running/running-batches.js';
import { renderBatch } from './render-batch.js';

/** Cancels a batch: no more lines are released, those on their way are called back, what is done is kept. */
export async function cancelBatch(
  { store, clock }: BatchParts,
  running: RunningBatches,
  question: AskOne,
): Promise<Read<BatchObject>> {
  const record = await store.cancel(question, clock.nowMs());
  if (!record) return { ok: false, refusal: refusal('batch_not_found') };
  // Asked twice, or once more after all: the answer is the same as to the first.
  if (record.status !== 'cancelling' && record.status !== 'cancelled') {
    const message = `The batch is ${record.status} and cannot be cancelled.`;
    return { ok: false, refusal: refusal('batch_not_cancellable', { message }) };
  }
  running.hear(record);
  return { ok: true, value: renderBatch(record) };
}

import { refusal, type BatchObject, type CreateBatch, type Read } from '@penstock/contracts';
import type { BatchRecord } from '@penstock/persistence';
import type { BatchParts } from '../running/batch-parts.js';
import { OWNER_LEASE_MS, type RunningBatches } from '../running/running-batches.js';
import { asCreated } from './as-created.js';
import { renderBatch } from './render-batch.js';

/** Takes a batch on, once for each id. From the answer on it will reach an end, whatever is killed. */
export async function createBatch(
  { store, clock, makeId, owner }: BatchParts,
  running: RunningBatches,
  wanted: CreateBatch,
): Promise<Read<BatchObject>> {
  const { id, tenant, inputFileId } = wanted;
  const known = await store.batch({ tenant, id });
  // Its file may be gone by now.
  if (known) return answerOf(known);
  const file = await store.file({ tenant, id: inputFileId });
  if (!file) return { ok: false, refusal: refusal('file_not_found', { param: 'input_file_id' }) };
  if (file.purpose !== 'batch') {
    const message = `The file ${inputFileId} was not uploaded with the purpose batch.`;
    return { ok: false, refusal: refusal('invalid_request', { param: 'input_file_id', message }) };
  }
  const nowMs = clock.nowMs();
  const added = await store.addBatch(
    {
      ...{ id, tenant, inputFileId },
      keyName: wanted.keyName,
      endpoint: wanted.endpoint,
      completionWindow: wanted.completionWindow,
      metadata: wanted.metadata ?? undefined,
      outputExpiresAfterSeconds: wanted.outputExpiresAfterSeconds,
      createdAtMs: nowMs,
      expiresAtMs: nowMs + wanted.completionWindowMs,
    },
    { output: { id: makeId('file'), parts: [] }, errors: { id: makeId('file'), parts: [] } },
    owner,
    OWNER_LEASE_MS,
  );
  if (added) running.run(added);
  // If not, another one added it meanwhile.
  const batch = added ?? (await store.batch({ tenant, id }));
  if (!batch) throw new Error(`The batch ${id} is there, and is not found.`);
  return answerOf(batch);
}

/** The same each time, however far the batch has come. */
function answerOf(record: BatchRecord): Read<BatchObject> {
  return { ok: true, value: renderBatch(asCreated(record)) };
}

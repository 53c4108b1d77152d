import { refusal, type BatchObject, type CreateBatch, type Read } from '@penstock/contracts';
import type { BatchParts } from '../running/batch-parts.js';
import { OWNER_LEASE_MS, type RunningBatches } from '../running/running-batches.js';
import { renderBatch } from './render-batch.js';

/** Takes a batch on. From the answer on it will reach an end, whatever is killed. */
export async function createBatch(
  { store, clock, makeId, owner }: BatchParts,
  running: RunningBatches,
  wanted: CreateBatch,
): Promise<Read<BatchObject>> {
  const { tenant, inputFileId } = wanted;
  const file = await store.file({ tenant, id: inputFileId });
  if (!file) return { ok: false, refusal: refusal('file_not_found', { param: 'input_file_id' }) };
  if (file.purpose !== 'batch') {
    const message = `The file ${inputFileId} was not uploaded with the purpose batch.`;
    return { ok: false, refusal: refusal('invalid_request', { param: 'input_file_id', message }) };
  }
  const nowMs = clock.nowMs();
  const record = await store.addBatch(
    {
      id: makeId('batch'),
      ...{ tenant, inputFileId },
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
  running.run(record);
  return { ok: true, value: renderBatch(record) };
}

import type { FileInProgress, FileRecord } from '@penstock/persistence';
import { FILE_LIFE_MS } from '../files/file-life.js';
import type { BatchParts } from '../running/batch-parts.js';
import type { BatchRun } from '../running/batch-run.js';

/** Gives the batch its final status and, in the same transaction, makes files of what it has written. */
export async function finishBatch(
  parts: BatchParts,
  run: BatchRun,
  status: 'completed' | 'expired' | 'cancelled',
): Promise<void> {
  const { record } = run;
  const nowMs = parts.clock.nowMs();
  const files = [
    fileOf(run, record.output, 'output', nowMs),
    fileOf(run, record.errors, 'error', nowMs),
  ].filter((file) => file.bytes > 0);
  const finalizing = status === 'completed' && record.status === 'in_progress';
  await run.move(parts, record.status, finalizing ? ['finalizing', status] : [status], { files });
}

function fileOf(
  { record }: BatchRun,
  { id, parts }: FileInProgress,
  kind: string,
  nowMs: number,
): FileRecord {
  const seconds = record.outputExpiresAfterSeconds;
  return {
    id,
    tenant: record.tenant,
    filename: `${record.id}_${kind}.jsonl`,
    purpose: 'batch_output',
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    parts,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + (seconds === undefined ? FILE_LIFE_MS : seconds * 1_000),
  };
}

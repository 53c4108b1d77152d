import type { BatchObject, BatchStatus } from '@penstock/contracts';
import type { BatchRecord, FileInProgress } from '@penstock/persistence';
import { isFinal } from './batch-status.js';

/** A batch in the shape of OpenAI's API. */
export function renderBatch(record: BatchRecord): BatchObject {
  const { reached, usage } = record;
  const at = (status: BatchStatus) => toSeconds(reached[status]);
  return {
    id: record.id,
    object: 'batch',
    endpoint: record.endpoint,
    ...(record.model !== undefined && { model: record.model }),
    errors: record.problems ? { object: 'list', data: record.problems } : null,
    input_file_id: record.inputFileId,
    completion_window: record.completionWindow,
    status: record.status,
    output_file_id: fileOf(record, record.output),
    error_file_id: fileOf(record, record.errors),
    created_at: Math.floor(record.createdAtMs / 1_000),
    in_progress_at: at('in_progress'),
    expires_at: Math.floor(record.expiresAtMs / 1_000),
    finalizing_at: at('finalizing'),
    completed_at: at('completed'),
    failed_at: at('failed'),
    expired_at: at('expired'),
    cancelling_at: at('cancelling'),
    cancelled_at: at('cancelled'),
    request_counts: { total: record.total, completed: record.completed, failed: record.failed },
    usage: {
      input_tokens: usage.input,
      input_tokens_details: { cached_tokens: usage.cachedInput },
      output_tokens: usage.output,
      output_tokens_details: { reasoning_tokens: usage.reasoning },
      total_tokens: usage.input + usage.output,
    },
    metadata: record.metadata ?? null,
  };
}

/** A file exists once the batch has ended, and only if something was written to it. */
function fileOf({ status }: BatchRecord, file: FileInProgress): string | null {
  return isFinal(status) && file.parts.length > 0 ? file.id : null;
}

function toSeconds(atMs: number | undefined): number | null {
  return atMs === undefined ? null : Math.floor(atMs / 1_000);
}

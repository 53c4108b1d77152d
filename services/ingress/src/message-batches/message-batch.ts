import type { BatchObject, BatchStatus } from '@penstock/contracts';

/** Anthropic's message batch. */
export interface MessageBatch {
  readonly id: string;
  readonly type: 'message_batch';
  readonly processing_status: 'in_progress' | 'canceling' | 'ended';
  readonly request_counts: RequestCounts;
  readonly created_at: string;
  readonly ended_at: string | null;
  readonly expires_at: string;
  readonly cancel_initiated_at: string | null;
  readonly archived_at: null;
  readonly results_url: string | null;
}

/** They sum to the number of requests. All are processing until the batch has ended, as with Anthropic. */
export interface RequestCounts {
  readonly processing: number;
  readonly succeeded: number;
  readonly errored: number;
  readonly canceled: number;
  readonly expired: number;
}

const STATUS: Readonly<Record<BatchStatus, MessageBatch['processing_status']>> = {
  validating: 'in_progress',
  in_progress: 'in_progress',
  finalizing: 'in_progress',
  cancelling: 'canceling',
  completed: 'ended',
  failed: 'ended',
  expired: 'ended',
  cancelled: 'ended',
};

/** The batch's id as Anthropic's clients know it, and back. */
export function messageBatchId(id: string): string {
  return id.replace(/^batch_/, 'msgbatch_');
}

export function batchOfMessages(id: string): string {
  return id.replace(/^msgbatch_/, 'batch_');
}

export function hasEnded(batch: BatchObject): boolean {
  return STATUS[batch.status] === 'ended';
}

/** How many requests were sent, noted when the batch was made: its lines are counted only once they were read. */
export function noteRequests(count: number): Readonly<Record<string, string>> {
  return { requests: String(count) };
}

/**
 * A batch in Anthropic's shape. `origin` is where the caller reached us, for `results_url`; `undone` how many requests
 * of an ended batch were never answered.
 */
export function renderMessageBatch(batch: BatchObject, origin: string, undone: number): MessageBatch {
  const ended = hasEnded(batch);
  const id = messageBatchId(batch.id);
  const endedAt = batch.completed_at ?? batch.failed_at ?? batch.expired_at ?? batch.cancelled_at;
  return {
    id,
    type: 'message_batch',
    processing_status: STATUS[batch.status],
    request_counts: countRequests(batch, ended, undone),
    created_at: toInstant(batch.created_at),
    ended_at: endedAt === null ? null : toInstant(endedAt),
    expires_at: toInstant(batch.expires_at),
    cancel_initiated_at: batch.cancelling_at === null ? null : toInstant(batch.cancelling_at),
    archived_at: null,
    results_url: ended ? `${origin}/v1/messages/batches/${id}/results` : null,
  };
}

function countRequests(batch: BatchObject, ended: boolean, undone: number): RequestCounts {
  const sent = Number(batch.metadata?.['requests'] ?? batch.request_counts.total);
  const none = { processing: 0, succeeded: 0, errored: 0, canceled: 0, expired: 0 };
  if (!ended) return { ...none, processing: sent };
  const { completed } = batch.request_counts;
  const ending = batch.status === 'cancelled' ? 'canceled' : 'expired';
  return { ...none, succeeded: completed, [ending]: undone, errored: sent - completed - undone };
}

function toInstant(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}

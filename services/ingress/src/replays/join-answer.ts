import { decodeFrame, listen } from '@penstock/messaging';
import type { Span } from '@penstock/telemetry';
import type { AwaitParts, Awaited } from '../replies/await-answer.js';
import { recoverJob } from '../replies/recover-job.js';
import { storeJob } from '../submission/submit-job.js';
import type { ClaimedJob } from './claim-job.js';
import type { EventPosition } from './event-position.js';
import { replySubjectOf, SharedReading, type JoinedSink } from './shared-reading.js';

/**
 * Waits for the answer of a job that others may wait for too, here or at another ingress, and passes it on from
 * `from` on. Stores the job first if it is not known to be stored.
 *
 * A caller who leaves cancels nothing: whoever sends an idempotency key means to come back.
 */
export async function joinAnswer(
  parts: AwaitParts,
  claimed: ClaimedJob,
  body: Uint8Array,
  sink: JoinedSink,
  signal: AbortSignal,
  span: Span,
  from?: EventPosition,
  stalled?: AbortSignal,
): Promise<Awaited> {
  const { job, ended } = claimed;
  const reading = new SharedReading(parts.connection, job, sink, from);
  if (ended) {
    reading.takeEnded(ended);
    return reading.ended;
  }
  const store = async () => {
    const stored = await storeJob(parts, job, body, span);
    if (stored.ok) claimed.onStored(stored.value.sequence);
    else reading.end({ kind: 'refused', refusal: stored.refusal });
  };
  const recover = async () => {
    const found = await recoverJob(parts, job);
    if (found === 'lost') await store();
    else if (found === 'ended') await reading.takeResult();
  };
  const failed = () => reading.refuse('unavailable');
  const leave = () => reading.end({ kind: 'left' });
  const giveUp = () => reading.refuse('reader_stalled');
  signal.addEventListener('abort', leave, { once: true });
  stalled?.addEventListener('abort', giveUp, { once: true });
  const stopRecovery = parts.desk.onRecovery(() => void recover().catch(failed));
  const stopListening = listen(parts.connection, replySubjectOf(job), (message) => {
    const frame = decodeFrame(message);
    if (frame) reading.hear(frame);
  });
  try {
    if (signal.aborted) leave();
    if (claimed.unstored) void store();
    if (claimed.fresh) reading.goLive();
    else void reading.catchUp().catch(failed);
    return await reading.ended;
  } finally {
    stopListening();
    stopRecovery();
    signal.removeEventListener('abort', leave);
    stalled?.removeEventListener('abort', giveUp);
  }
}

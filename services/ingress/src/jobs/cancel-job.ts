import { eventOf, refusal, STREAM, SUBJECT, type Job, type JobEvent, type Read } from '@penstock/contracts';
import { renderError } from '@penstock/dialects';
import {
  decodeJob,
  delayedMessage,
  deleteStoredMessage,
  findOutcome,
  inspectJob,
  jobInLane,
  send,
  settleJob,
  storedMessage,
  type Connection,
} from '@penstock/messaging';
import type { Clock } from '@penstock/resilience';
import { parsePublicId } from '../submission/submit-job.js';
import { viewOfOutcome, type JobView } from './job-view.js';

/**
 * Cancels a job. One that somebody holds is ended by its holder; one that waits on the server is ended here, and
 * then taken out of its lane. Should a router pull it in between, the stored outcome stands, since only the first
 * one counts. Returns how the job ended if it had ended before; undefined when it is being cancelled.
 */
export async function cancelJob(
  parts: { readonly connection: Connection; readonly clock: Clock },
  tenant: string,
  publicId: string,
): Promise<Read<JobView | undefined>> {
  const { connection, clock } = parts;
  const { id, record } = parsePublicId(publicId);
  const found = await findOutcome(connection, tenant, id);
  if (found.kind !== 'none') return { ok: true, value: viewOfOutcome(publicId, found) };

  const held = await inspectJob(connection, tenant, id);
  send(connection, SUBJECT.cancel(tenant, id), '');
  if (held) return { ok: true, value: undefined };

  const waiting =
    (record && (await waitingAt(connection, record, tenant, id))) ?? (await delayed(connection, tenant, id));
  if (!waiting) return { ok: false, refusal: refusal('job_not_found') };
  const { job } = waiting;

  const why = refusal('client_closed_request');
  const { status, contentType, body } = renderError(job.api, why, job.id);
  const event: JobEvent = {
    ...eventOf(job, clock.nowMs()),
    outcome: { state: 'cancelled', attempts: job.attempts.length, errorCode: why.code },
  };
  const answer = { outcome: 'cancelled', status, contentType, body, errorCode: why.code } as const;
  await settleJob(connection, clock, { job, answer, event, frameSequence: 0 });
  await deleteStoredMessage(connection, waiting.stream, waiting.sequence);
  return { ok: true, value: undefined };
}

/** A job that nobody holds, and where its record lies. */
interface WaitingJob {
  readonly job: Job;
  readonly stream: string;
  readonly sequence: number;
}

/** The job in its lane, if its public id points to it. */
async function waitingAt(
  connection: Connection,
  { stream, sequence }: { readonly stream: string; readonly sequence: number },
  tenant: string,
  id: string,
): Promise<WaitingJob | undefined> {
  const job = await jobInLane(connection, await storedMessage(connection, stream, sequence));
  return job?.tenant === tenant && job.id === id ? { job, stream, sequence } : undefined;
}

/** The job while it waits for a retry. */
async function delayed(connection: Connection, tenant: string, id: string): Promise<WaitingJob | undefined> {
  const stored = await delayedMessage(connection, tenant, id);
  if (!stored?.lane) return undefined;
  return { job: decodeJob(stored.lane, stored.headers), stream: STREAM.delayed, sequence: stored.sequence };
}

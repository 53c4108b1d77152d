import { refusal, type Read } from '@penstock/contracts';
import {
  delayedMessage,
  findOutcome,
  inspectJob,
  jobInLane,
  laneDepth,
  storedMessage,
  type Connection,
} from '@penstock/messaging';
import { parsePublicId } from '../submission/submit-job.js';
import { toSeconds, viewOfOutcome, type JobView } from './job-view.js';

/**
 * Finds a job of a tenant, wherever it is: its outcome in RESULTS or EVENTS, itself at a router or a worker, or
 * its record in the stream that its public id points to.
 */
export async function findJob(
  connection: Connection,
  tenant: string,
  publicId: string,
): Promise<Read<JobView>> {
  const { id, record } = parsePublicId(publicId);
  const found = await findOutcome(connection, tenant, id);
  if (found.kind !== 'none') return { ok: true, value: viewOfOutcome(publicId, found) };

  const inspected = await inspectJob(connection, tenant, id);
  const stored = record && (await storedMessage(connection, record.stream, record.sequence));
  const job = await jobInLane(connection, stored);
  const mine = job && job.tenant === tenant && job.id === id ? job : undefined;
  if (inspected?.state === 'running') {
    return {
      ok: true,
      value: {
        id: publicId,
        object: 'job',
        state: 'running',
        deployment: inspected.deployment,
        ...(mine && { class: mine.class, model: mine.model, accepted_at: toSeconds(mine.acceptedAtMs) }),
      },
    };
  }
  if (mine || inspected) {
    const position = inspected?.position ?? (mine && (await laneDepth(connection, mine)));
    return {
      ok: true,
      value: {
        id: publicId,
        object: 'job',
        state: 'queued',
        ...(position !== undefined && { position }),
        ...(inspected?.expectedStartMs !== undefined && {
          expected_start_at: toSeconds(inspected.expectedStartMs),
        }),
        ...(mine && { class: mine.class, model: mine.model, accepted_at: toSeconds(mine.acceptedAtMs) }),
      },
    };
  }
  if (await isDelayed(connection, tenant, id))
    return { ok: true, value: { id: publicId, object: 'job', state: 'delayed' } };
  // It may have ended between the first look and the last.
  const late = await findOutcome(connection, tenant, id);
  return late.kind === 'none'
    ? { ok: false, refusal: refusal('job_not_found') }
    : { ok: true, value: viewOfOutcome(publicId, late) };
}

/** Whether a job waits for a later attempt. */
export async function isDelayed(connection: Connection, tenant: string, id: string): Promise<boolean> {
  return (await delayedMessage(connection, tenant, id)) !== undefined;
}

import { refusal, type Read } from '@penstock/contracts';
import { findOutcome, inspectJob, type Connection } from '@penstock/messaging';
import { findJob } from '../jobs/find-job.js';
import { parsePublicId } from '../submission/submit-job.js';
import { explainEvent, explainInspection, type Explanation } from './explanation.js';

/** Explains a job of a tenant, for as long as its outcome can be found, or wherever it is now. */
export async function explainJob(
  connection: Connection,
  tenant: string,
  publicId: string,
): Promise<Read<Explanation>> {
  const { id } = parsePublicId(publicId);
  const found = await findOutcome(connection, tenant, id);
  if (found.kind !== 'none') return { ok: true, value: explainEvent(publicId, found.event) };
  const inspected = await inspectJob(connection, tenant, id);
  if (inspected) return { ok: true, value: explainInspection(publicId, inspected) };
  const view = await findJob(connection, tenant, publicId);
  if (!view.ok) return { ok: false, refusal: refusal('job_not_found') };
  // In its lane or set aside: nobody has considered any deployment for it yet, or does now.
  const { state, class: priorityClass, model } = view.value;
  return {
    ok: true,
    value: {
      id: publicId,
      object: 'job.explanation',
      state,
      attempts: [],
      ...(priorityClass !== undefined && { class: priorityClass }),
      ...(model !== undefined && { model }),
    },
  };
}

import type { Job, PriorityClass } from '@penstock/contracts';
import type { QueuedJob } from '../queue/queued-job.js';
import { makeJob } from './make-job.js';

let made = 0;

/** A queued job for specs: of cost 1, for the deployment `d1`, with an id of its own. */
export function makeQueued(
  tenant: string,
  priorityClass: PriorityClass,
  more: Partial<Omit<QueuedJob, 'job'>> & Partial<Pick<Job, 'id' | 'deadlineMs' | 'acceptedAtMs'>> = {},
): QueuedJob {
  const { id = `job_${made++}`, deadlineMs, acceptedAtMs = 0, ...rest } = more;
  const job = makeJob({
    id,
    tenant,
    class: priorityClass,
    acceptedAtMs,
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  });
  return { job, cost: 1, runsOn: ['d1'], ...rest };
}

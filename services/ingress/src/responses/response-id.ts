import type { JobView } from '../jobs/job-view.js';

/** The public id of a job as the id of a response, and back. */
export function responseId(publicId: string): string {
  return `resp_${publicId.replace(/^job_/, '')}`;
}

export function jobOfResponse(id: string): string {
  const name = id.replace(/^resp_/, '');
  return name.startsWith('idem_') ? name : `job_${name}`;
}

/** A response that is not there yet, or never will be, as the vendor shows it. */
export function responseOfJob(id: string, view: JobView) {
  return {
    id,
    object: 'response',
    created_at: view.accepted_at ?? 0,
    model: view.model ?? '',
    background: true,
    status: STATUS[view.state],
    error: view.error ? { code: view.error.code, message: `The job ${view.state}.` } : null,
    incomplete_details: null,
    output: [],
    output_text: '',
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: [],
    metadata: {},
    instructions: null,
    temperature: null,
    top_p: null,
  };
}

const STATUS: Readonly<Record<JobView['state'], string>> = {
  queued: 'queued',
  delayed: 'queued',
  running: 'in_progress',
  succeeded: 'completed',
  failed: 'failed',
  expired: 'failed',
  dead_lettered: 'failed',
  cancelled: 'cancelled',
};

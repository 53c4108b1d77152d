import { ERRORS, isErrorCode } from '@penstock/contracts';
import type { JobView } from '../jobs/job-view.js';

/** The public id of a job as the id of a response, and back. */
export function responseId(publicId: string): string {
  return `resp_${publicId.replace(/^job_/, '')}`;
}

export function jobOfResponse(id: string): string {
  return `job_${id.replace(/^resp_/, '')}`;
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
    error: view.error && view.state !== 'cancelled' ? responseError(view.error.code, view.state) : null,
    access_programs: null,
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

/** The vendor has few codes for a response that failed; the catalogue's own one stands in the message. */
function responseError(code: string, state: JobView['state']) {
  const entry = isErrorCode(code) ? ERRORS[code] : ERRORS.internal_error;
  const isLimit = entry.status === 429;
  const known = isLimit ? 'rate_limit_exceeded' : entry.status < 500 ? 'invalid_prompt' : 'server_error';
  return {
    code: known,
    message: `The job has ${state.replace('_', ' ')}, ${code}: ${entry.summary}`,
    param: null,
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

import {
  DEFAULT_API,
  HEADER,
  isApi,
  isForm,
  isJobId,
  refusal,
  type HeaderReader,
  type Job,
  type Lane,
  type Read,
} from '@penstock/contracts';
import type { MsgHdrs } from 'nats';
import { withoutSeal, type JobSeal } from './job-seal.js';
import { MessageHeaders } from './message-headers.js';

/**
 * Writes all of a job but its body, tenant and class into a message header, as it is on its way between services and in
 * streams that no publisher may write to. What goes into a lane is sealed: see `sealJob`.
 */
export function encodeJob(job: Job): MsgHdrs {
  return written(job, textOf(job));
}

/** The same, sealed for the job's lane: what a router takes as admitted. */
export function sealJob(seal: JobSeal, job: Job): MsgHdrs {
  return written(job, seal.close(job, textOf(job)));
}

/** All of a job that its lane does not say. */
export function textOf(job: Job): string {
  // What is undefined is not written; taking the two out of a copy costs more than writing the rest.
  return JSON.stringify({ ...job, tenant: undefined, class: undefined });
}

function written(job: Job, text: string): MsgHdrs {
  const h = new MessageHeaders();
  h.set(HEADER.job, text);
  // Once more where tools that know nothing of Penstock look for it.
  if (job.traceparent !== undefined) h.set(HEADER.traceparent, job.traceparent);
  return h;
}

/**
 * Reads what `encodeJob` or `sealJob` wrote, where nobody else can have written. Tenant and class are the lane's.
 * Throws at a header that they did not write.
 */
export function decodeJob(lane: Lane, h: HeaderReader): Job {
  return parseJob(lane, withoutSeal(h.get(HEADER.job)));
}

/** Reads a job that lies in a lane; undefined when Penstock did not put it there, or put it somewhere else. */
export function openJob(seal: JobSeal, lane: Lane, h: HeaderReader | undefined): Job | undefined {
  const sealed = h?.get(HEADER.job) ?? '';
  const text = sealed === '' ? undefined : seal.open(lane, sealed);
  return text === undefined ? undefined : parseJob(lane, text);
}

function parseJob(lane: Lane, text: string): Job {
  return jobOf(lane, JSON.parse(text) as JobText);
}

/** What `textOf` wrote, parsed. */
export type JobText = Omit<Job, 'tenant' | 'class'>;

/** Makes a job of what it is beside its lane, which is used up. */
export function jobOf(lane: Lane, text: JobText): Job {
  return Object.assign(text, { tenant: lane.tenant, class: lane.class });
}

/** What a publisher from outside said in its headers, beside the body. */
export interface PublishedHeaders {
  readonly id: string | undefined;
  readonly api: Job['api'];
  readonly deadlineMs?: number;
  readonly replySubject?: string;
  readonly routing?: string;
  readonly traceparent?: string;
  readonly contentType?: string;
}

/** Reads the headers a publisher may set, and refuses what it may not mean. */
export function readPublishedHeaders(lane: Lane, h: HeaderReader, nowMs: number): Read<PublishedHeaders> {
  const get = (name: string) => h.get(name);
  const id = get(HEADER.messageId);
  if (id !== '' && !isJobId(id)) {
    return refuse(
      'invalid_request',
      `${HEADER.messageId} may have up to 64 letters, digits, _ and -.`,
      HEADER.messageId,
    );
  }
  const api = get(HEADER.api) || DEFAULT_API;
  if (!isApi(api)) return refuse('unknown_api', `There is no API ${JSON.stringify(api)}.`, HEADER.api);

  const deadline = get(HEADER.deadline);
  const deadlineMs =
    deadline === '' ? undefined : /^\d+$/.test(deadline) ? Number(deadline) : Date.parse(deadline);
  if (deadlineMs !== undefined && Number.isNaN(deadlineMs)) {
    return refuse(
      'invalid_request',
      'The deadline is neither RFC 3339 nor milliseconds since the epoch.',
      HEADER.deadline,
    );
  }
  if (deadlineMs !== undefined && deadlineMs <= nowMs) {
    return { ok: false, refusal: refusal('deadline_in_the_past', { param: HEADER.deadline }) };
  }
  const replySubject = get(HEADER.replyTo);
  if (replySubject !== '' && !mayReplyTo(lane.tenant, replySubject)) {
    return { ok: false, refusal: refusal('reply_subject_refused', { param: HEADER.replyTo }) };
  }
  const routing = get(HEADER.routing);
  const traceparent = get(HEADER.traceparent);
  const contentType = get(HEADER.contentType);
  return {
    ok: true,
    value: {
      id: id === '' ? undefined : id,
      api,
      ...(deadlineMs !== undefined && { deadlineMs }),
      ...(replySubject !== '' && { replySubject }),
      ...(routing !== '' && { routing }),
      ...(traceparent !== '' && { traceparent }),
      ...(isForm(contentType) && { contentType }),
    },
  };
}

/**
 * A worker may publish anywhere, so a tenant that could name any subject could steer it: into another
 * tenant's lane, into a JetStream API. Answers go to inboxes and to the tenant's own branch only.
 */
export function mayReplyTo(tenant: string, subject: string): boolean {
  if (/[*>\s]/.test(subject) || subject.length > 255 || subject.split('.').includes('')) return false;
  return subject.startsWith('_INBOX.') || subject.startsWith(`replies.${tenant}.`);
}

function refuse(code: 'invalid_request' | 'unknown_api', message: string, param: string): Read<never> {
  return { ok: false, refusal: refusal(code, { message, param }) };
}

/** The id of a job that was published without one: where and when it was stored. */
export function idByPlace(sequence: number, storedAtMs: number): string {
  return `pub_${sequence.toString(36)}_${storedAtMs.toString(36)}`;
}

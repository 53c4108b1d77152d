import {
  DEFAULT_API,
  HEADER,
  ORIGINS,
  isApi,
  isJobId,
  refusal,
  type AttemptRecord,
  type HeaderMap,
  type Job,
  type Lane,
  type Origin,
  type Read,
} from '@penstock/contracts';
import { headers, type MsgHdrs } from 'nats';

/** Writes all of a job but its body, tenant and class into message headers. */
export function encodeJob(job: Job): MsgHdrs {
  const h = headers();
  h.set(HEADER.job, job.id);
  h.set(HEADER.origin, job.origin);
  h.set(HEADER.api, job.api);
  h.set(HEADER.model, job.model);
  h.set(HEADER.tokens, `${job.estimatedInputTokens}/${job.estimatedOutputTokens}`);
  h.set(HEADER.acceptedAt, String(job.acceptedAtMs));
  if (job.stream) h.set(HEADER.stream, '1');
  if (job.keepResult) h.set(HEADER.keepResult, '1');
  if (job.deadlineMs !== undefined) h.set(HEADER.deadline, String(job.deadlineMs));
  if (job.replySubject !== undefined) h.set(HEADER.replyTo, job.replySubject);
  if (job.keyName !== undefined) h.set(HEADER.keyName, job.keyName);
  if (job.routing !== undefined) h.set(HEADER.routing, job.routing);
  if (job.traceparent !== undefined) h.set(HEADER.traceparent, job.traceparent);
  if (job.attempts.length > 0) h.set(HEADER.attempts, JSON.stringify(job.attempts));
  return h;
}

/** Whether Penstock itself wrote the message's headers, or a publisher from outside. */
export function isEncodedJob(h: HeaderMap | undefined): h is HeaderMap {
  return h !== undefined && h.get(HEADER.job) !== '' && h.get(HEADER.model) !== '';
}

/** Reads what `encodeJob` wrote. Tenant and class are the lane's. */
export function decodeJob(lane: Lane, h: HeaderMap): Job {
  const [input, output] = h.get(HEADER.tokens).split('/');
  const api = h.get(HEADER.api);
  const origin = h.get(HEADER.origin) as Origin;
  const deadline = h.get(HEADER.deadline);
  const replySubject = h.get(HEADER.replyTo);
  const keyName = h.get(HEADER.keyName);
  const routing = h.get(HEADER.routing);
  const traceparent = h.get(HEADER.traceparent);
  const attempts = h.get(HEADER.attempts);
  return {
    id: h.get(HEADER.job),
    tenant: lane.tenant,
    class: lane.class,
    origin: ORIGINS.includes(origin) ? origin : 'subject',
    api: isApi(api) ? api : DEFAULT_API,
    model: h.get(HEADER.model),
    stream: h.get(HEADER.stream) === '1',
    estimatedInputTokens: Number(input) || 0,
    estimatedOutputTokens: Number(output) || 0,
    acceptedAtMs: Number(h.get(HEADER.acceptedAt)) || 0,
    keepResult: h.get(HEADER.keepResult) === '1',
    attempts: attempts === '' ? [] : (JSON.parse(attempts) as AttemptRecord[]),
    ...(deadline !== '' && { deadlineMs: Number(deadline) }),
    ...(replySubject !== '' && { replySubject }),
    ...(keyName !== '' && { keyName }),
    ...(routing !== '' && { routing }),
    ...(traceparent !== '' && { traceparent }),
  };
}

/** What a publisher from outside said in its headers, beside the body. */
export interface PublishedHeaders {
  readonly id: string | undefined;
  readonly api: Job['api'];
  readonly deadlineMs?: number;
  readonly replySubject?: string;
  readonly routing?: string;
  readonly traceparent?: string;
}

/** Reads the headers a publisher may set, and refuses what it may not mean. */
export function readPublishedHeaders(
  lane: Lane,
  h: HeaderMap | undefined,
  nowMs: number,
): Read<PublishedHeaders> {
  const get = (name: string) => h?.get(name) ?? '';
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
  return {
    ok: true,
    value: {
      id: id === '' ? undefined : id,
      api,
      ...(deadlineMs !== undefined && { deadlineMs }),
      ...(replySubject !== '' && { replySubject }),
      ...(routing !== '' && { routing }),
      ...(traceparent !== '' && { traceparent }),
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

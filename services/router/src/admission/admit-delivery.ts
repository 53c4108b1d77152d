import {
  HEADER,
  isApi,
  isJobId,
  refusal,
  SUBJECT,
  type HeaderMap,
  type Job,
  type Read,
} from '@penstock/contracts';
import { readRequest } from '@penstock/dialects';
import {
  decodeJob,
  isEncodedJob,
  mayReplyTo,
  readPublishedHeaders,
  type JobDelivery,
} from '@penstock/messaging';
import { admitRoute, refuseDeadline } from '@penstock/scheduling';
import type { RouterParts } from '../dispatch/router-parts.js';

/**
 * Makes a job of what came off a lane. What another service of Penstock published is a job already, and its body
 * stays closed. What a publisher from outside sent is admitted here: the only place where a router reads a body.
 *
 * A refused publish still is a job, so that it can have an outcome that says why: it is returned beside the refusal.
 */
export function admitDelivery(
  delivery: JobDelivery,
  { models, tenants, health }: Pick<RouterParts, 'models' | 'tenants' | 'health'>,
  nowMs: number,
): { readonly job: Job; readonly admitted: Read<Job> } {
  const { lane, headers } = delivery;
  const fallback = publishedJob(delivery);
  if (isEncodedJob(headers)) {
    const job = readEncoded(delivery, headers);
    if (!job) return { job: fallback, admitted: notAJob() };
    return { job, admitted: tenants.has(lane.tenant) ? { ok: true, value: job } : noTenant() };
  }
  const said = readPublishedHeaders(lane, headers, nowMs);
  if (!said.ok) return { job: fallback, admitted: said };
  const { id, ...rest } = said.value;
  const named: Job = { ...fallback, ...rest, ...(id !== undefined && { id }) };
  if (!tenants.has(lane.tenant)) return { job: named, admitted: noTenant() };

  const { contentType } = named;
  const read = readRequest(named.api, delivery.body, contentType === undefined ? {} : { contentType });
  if (!read.ok) return { job: named, admitted: read };
  const { model, stream, estimatedInputTokens, labels } = read.value;
  const asked: Job = { ...named, model, stream, estimatedInputTokens, ...(labels && { labels }) };
  const route = admitRoute(models, {
    tenant: lane.tenant,
    summary: read.value,
    ...(named.routing !== undefined && { header: named.routing }),
  });
  if (!route.ok) return { job: asked, admitted: route };
  const job: Job = { ...asked, ...route.value };
  if (job.deadlineMs !== undefined) {
    const plan = models.plan(job);
    const runsOn = plan.ok ? plan.value.runsOn : [];
    const late = refuseDeadline(health, runsOn, job.deadlineMs - nowMs, nowMs, HEADER.deadline);
    if (late) return { job, admitted: { ok: false, refusal: late } };
  }
  return { job, admitted: { ok: true, value: job } };
}

/**
 * What stands in the header that only Penstock writes; undefined when it is not a job. A publisher from outside can
 * write there too: then at least its answers go nowhere but where a publisher's answers may go.
 */
function readEncoded({ lane }: JobDelivery, headers: HeaderMap): Job | undefined {
  try {
    const job = decodeJob(lane, headers);
    const { id, model, api, replySubject } = job;
    const well = typeof id === 'string' && isJobId(id) && typeof model === 'string' && isApi(api);
    const repliesHome =
      replySubject === undefined ||
      replySubject === SUBJECT.shared(lane.tenant, id) ||
      replySubject === SUBJECT.recorded(lane.tenant, id) ||
      /^reply\.[^.*> ]+\.[^.*> ]+(\.[^.*> ]+)?$/.test(replySubject) ||
      mayReplyTo(lane.tenant, replySubject);
    return well && repliesHome && Array.isArray(job.attempts) ? job : undefined;
  } catch {
    return undefined;
  }
}

function notAJob(): Read<never> {
  const message = `${HEADER.job} is written by Penstock alone: leave it out.`;
  return { ok: false, refusal: refusal('invalid_request', { param: HEADER.job, message }) };
}

function noTenant(): Read<never> {
  return { ok: false, refusal: refusal('unknown_tenant') };
}

/**
 * A published job as far as it is known before its headers are read. Its id is its message id, by which its publisher
 * looks for its outcome whatever else is wrong with it; without one, where and when it was stored, which stays the same
 * however often it is delivered.
 */
function publishedJob({ lane, sequence, storedAtMs, headers }: JobDelivery): Job {
  const messageId = headers?.get(HEADER.messageId) ?? '';
  return {
    id: isJobId(messageId) ? messageId : `pub_${sequence.toString(36)}_${storedAtMs.toString(36)}`,
    tenant: lane.tenant,
    class: lane.class,
    origin: 'subject',
    api: 'openai.chat',
    model: '',
    stream: false,
    estimatedInputTokens: 0,
    estimatedOutputTokens: 0,
    acceptedAtMs: storedAtMs,
    keepResult: true,
    attempts: [],
  };
}

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
import { admitPreset } from '@penstock/transforms';
import type { RouterParts } from '../dispatch/router-parts.js';

/**
 * Makes a job of what came off a lane. What another service of Penstock published is a job already, and its body
 * stays closed. What a publisher from outside sent is admitted here: the only place where a router reads a body.
 *
 * A preset that it names is put into its body, which is returned too.
 *
 * A refused publish still is a job, so that it can have an outcome that says why: it is returned beside the refusal.
 */
export function admitDelivery(
  delivery: JobDelivery,
  parts: Pick<RouterParts, 'models' | 'tenants' | 'health' | 'rules'>,
  nowMs: number,
): AdmittedDelivery {
  const { lane, headers, body } = delivery;
  const { tenants } = parts;
  const fallback = publishedJob(delivery);
  if (isEncodedJob(headers)) {
    const job = readEncoded(delivery, headers);
    if (!job) return { job: fallback, body, admitted: notAJob() };
    return { job, body, admitted: tenants.has(lane.tenant) ? { ok: true, value: job } : noTenant() };
  }
  const said = readPublishedHeaders(lane, headers, nowMs);
  if (!said.ok) return { job: fallback, body, admitted: said };
  const { id, ...rest } = said.value;
  const named: Job = { ...fallback, ...rest, ...(id !== undefined && { id }) };
  if (!tenants.has(lane.tenant)) return { job: named, body, admitted: noTenant() };
  return admitPublished(parts, named, body, nowMs);
}

/** A job, the body that it runs with, and whether it may run. */
interface AdmittedDelivery {
  readonly job: Job;
  readonly body: Uint8Array;
  readonly admitted: Read<Job>;
}

function admitPublished(
  { models, health, rules }: Pick<RouterParts, 'models' | 'health' | 'rules'>,
  named: Job,
  sent: Uint8Array,
  nowMs: number,
): AdmittedDelivery {
  const { contentType, tenant } = named;
  const read = admitPreset(rules.presets, named.api, sent, (bytes) =>
    readRequest(named.api, bytes, contentType === undefined ? {} : { contentType }),
  );
  if (!read.ok) return { job: named, body: sent, admitted: read };
  const { body, summary, preset, routing: underneath } = read.value;
  if (body.length > Math.max(sent.length, DISPATCHED_BYTES))
    return { job: named, body: sent, admitted: tooLarge(body.length) };
  const { model, stream, estimatedInputTokens, labels } = summary;
  const asked: Job = {
    ...named,
    ...{ model, stream, estimatedInputTokens },
    ...(labels && { labels }),
    ...(preset !== undefined && { preset }),
  };
  const route = admitRoute(models, {
    tenant,
    summary,
    trims: read.value.trims ?? rules.trimsFor(tenant),
    ...(named.routing !== undefined && { header: named.routing }),
    ...(underneath && { underneath }),
  });
  if (!route.ok) return { job: asked, body, admitted: route };
  const job: Job = { ...asked, ...route.value };
  if (job.deadlineMs !== undefined) {
    const plan = models.plan(job);
    const runsOn = plan.ok ? plan.value.runsOn : [];
    const late = refuseDeadline(health, runsOn, job.deadlineMs - nowMs, nowMs, HEADER.deadline);
    if (late) return { job, body, admitted: { ok: false, refusal: late } };
  }
  return { job, body, admitted: { ok: true, value: job } };
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

/** The longest body that a preset may make of a published one: it goes to its worker in one message. */
const DISPATCHED_BYTES = 1024 ** 2 - 16 * 1024;

function tooLarge(bytes: number): Read<never> {
  const message = `With its preset the body has ${bytes} bytes, and a published one may have ${DISPATCHED_BYTES}.`;
  return { ok: false, refusal: refusal('body_too_large', { param: 'preset', message }) };
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

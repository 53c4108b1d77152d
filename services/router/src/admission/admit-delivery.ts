import { HEADER, isJobId, refusal, type Job, type Read } from '@penstock/contracts';
import { readRequest, type RequestAddress } from '@penstock/dialects';
import { fetchBody, openJob, readPublishedHeaders, type JobDelivery } from '@penstock/messaging';
import { admitRoute, refuseDeadline } from '@penstock/scheduling';
import type { RouterParts } from '../dispatch/router-parts.js';
import { readUnsealed, type UnsealedWords } from './read-unsealed.js';

/**
 * Makes a job of what came off a lane. What another service of Penstock published is a job already, and its body
 * stays closed. What a publisher from outside sent is admitted here, and so is all that has not Penstock's seal: the
 * only place where a router reads a body.
 *
 * A refused publish still is a job, so that it can have an outcome that says why: it is returned beside the refusal.
 */
export async function admitDelivery(
  delivery: JobDelivery,
  parts: Pick<RouterParts, 'models' | 'tenants' | 'health' | 'connection'>,
  nowMs: number,
): Promise<Admission> {
  const { lane, headers } = delivery;
  const { seals } = parts.connection;
  const job = openJob(seals.current ?? (await seals.load()), lane, headers);
  if (job) return { job, admitted: parts.tenants.has(lane.tenant) ? { ok: true, value: job } : noTenant() };
  const words = readUnsealed(headers);
  const keepResult = !parts.tenants.keepsNothing(lane.tenant);
  const published = { ...publishedJob(delivery, words), keepResult };
  const body = await fetchBody(parts.connection, published, delivery.body);
  if (!body) return { job: published, admitted: withoutBody(delivery) };
  return admitPublished(delivery, published, words, body, parts, nowMs);
}

/** After so many deliveries a body that cannot be fetched is not looked for any more. */
const BODY_DELIVERIES = 5;

/** A job, and whether it may be run. */
interface Admission {
  readonly job: Job;
  readonly admitted: Read<Job>;
}

function admitPublished(
  { lane }: JobDelivery,
  published: Job,
  words: UnsealedWords,
  body: Uint8Array,
  { models, tenants, health }: Pick<RouterParts, 'models' | 'tenants' | 'health'>,
  nowMs: number,
): Admission {
  const said = readPublishedHeaders(lane, words.headers, nowMs);
  if (!said.ok) return { job: published, admitted: said };
  const { id, ...rest } = said.value;
  const named: Job = { ...published, ...rest, ...(id !== undefined && { id }) };
  if (!tenants.has(lane.tenant)) return { job: named, admitted: noTenant() };
  if (!named.keepResult && named.replySubject === undefined) {
    const why = refusal('retention_required', { param: HEADER.replyTo });
    return { job: named, admitted: { ok: false, refusal: why } };
  }

  const read = readRequest(named.api, body, addressOf(named, words));
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

/** Gone, or the server is away: looked for again at later deliveries, until it must be taken for gone. */
function withoutBody({ deliveries }: JobDelivery): Read<never> {
  if (deliveries < BODY_DELIVERIES) throw new Error('The body of a job could not be fetched.');
  const message = `The body that ${HEADER.job} names is not there: send the request as the message itself.`;
  return { ok: false, refusal: refusal('invalid_request', { param: HEADER.job, message }) };
}

/** What stands above the body, where the API has it in the URL. */
function addressOf({ api, contentType }: Job, { model, stream }: UnsealedWords): RequestAddress {
  return {
    ...(contentType !== undefined && { contentType }),
    ...(api === 'gemini.generate' && {
      ...(model !== undefined && { model }),
      ...(stream !== undefined && { stream }),
    }),
  };
}

function noTenant(): Read<never> {
  return { ok: false, refusal: refusal('unknown_tenant') };
}

/**
 * A published job as far as it is known before its headers are read. Its id is its message id, by which its publisher
 * looks for its outcome whatever else is wrong with it; without one, where and when it was stored, which stays the same
 * however often it is delivered.
 */
function publishedJob(
  { lane, sequence, storedAtMs }: JobDelivery,
  { headers, claimCheck }: UnsealedWords,
): Job {
  const messageId = headers.get(HEADER.messageId);
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
    ...(claimCheck !== undefined && { claimCheck }),
  };
}

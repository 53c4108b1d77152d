import { HEADER, isJobId, refusal, type Job, type Read } from '@penstock/contracts';
import { readRequest, type RequestAddress } from '@penstock/dialects';
import { fetchBody, idByPlace, openJob, readPublishedHeaders, type JobDelivery } from '@penstock/messaging';
import { admitRoute, refuseDeadline } from '@penstock/scheduling';
import { admitPreset } from '@penstock/transforms';
import type { RouterParts } from '../dispatch/router-parts.js';
import { readUnsealed, type UnsealedWords } from './read-unsealed.js';

/**
 * Makes a job of what came off a lane. What another service of Penstock published is a job already, and its body
 * stays closed. What a publisher from outside sent is admitted here, and so is all that has not Penstock's seal: the
 * only place where a router reads a body.
 *
 * A preset that it names is put into its body, which is returned too.
 *
 * A refused publish still is a job, so that it can have an outcome that says why: it is returned beside the refusal.
 */
export async function admitDelivery(
  delivery: JobDelivery,
  parts: Pick<RouterParts, 'models' | 'tenants' | 'health' | 'rules' | 'connection'>,
  nowMs: number,
): Promise<AdmittedDelivery> {
  const { lane, headers, body } = delivery;
  const { seals } = parts.connection;
  const job = delivery.job ?? openJob(seals.current ?? (await seals.load()), lane, headers);
  if (job)
    return { job, body, admitted: parts.tenants.has(lane.tenant) ? { ok: true, value: job } : noTenant() };
  const words = readUnsealed(headers);
  const keepResult = !parts.tenants.keepsNothing(lane.tenant);
  const published = { ...publishedJob(delivery, words), keepResult };
  const sent = await fetchBody(parts.connection, published, body);
  if (!sent) return { job: published, body, admitted: withoutBody(delivery) };
  return admitPublished(delivery, published, words, sent, parts, nowMs);
}

/** After so many deliveries a body that cannot be fetched is not looked for any more. */
const BODY_DELIVERIES = 5;

/** A job, the body that it runs with, and whether it may run. */
interface AdmittedDelivery {
  readonly job: Job;
  readonly body: Uint8Array;
  readonly admitted: Read<Job>;
}

function admitPublished(
  { lane, body: carried }: JobDelivery,
  published: Job,
  words: UnsealedWords,
  sent: Uint8Array,
  { models, tenants, health, rules }: Pick<RouterParts, 'models' | 'tenants' | 'health' | 'rules'>,
  nowMs: number,
): AdmittedDelivery {
  const refuse = (job: Job, refused: Read<never>) => ({ job, body: carried, admitted: refused });
  const said = readPublishedHeaders(lane, words.headers, nowMs);
  if (!said.ok) return refuse(published, said);
  const { id, ...rest } = said.value;
  const named: Job = { ...published, ...rest, ...(id !== undefined && { id }) };
  const { tenant } = named;
  if (!tenants.has(tenant)) return refuse(named, noTenant());
  if (!named.keepResult && named.replySubject === undefined) {
    const why = refusal('retention_required', { param: HEADER.replyTo });
    return refuse(named, { ok: false, refusal: why });
  }

  const read = admitPreset(rules.presets, named.api, sent, (bytes, model) =>
    readRequest(named.api, bytes, addressOf(named, words, model)),
  );
  if (!read.ok) return refuse(named, read);
  const { body: filled, summary, preset, routing: underneath } = read.value;
  const isFilled = filled !== sent;
  if (isFilled && (named.claimCheck !== undefined || filled.length > Math.max(sent.length, DISPATCHED_BYTES)))
    return refuse(named, tooLarge(filled.length));
  const body = isFilled ? filled : carried;
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

/** Gone, or the server is away: looked for again at later deliveries, until it must be taken for gone. */
function withoutBody({ deliveries }: JobDelivery): Read<never> {
  if (deliveries < BODY_DELIVERIES) throw new Error('The body of a job could not be fetched.');
  const message = `The body that ${HEADER.job} names is not there: send the request as the message itself.`;
  return { ok: false, refusal: refusal('invalid_request', { param: HEADER.job, message }) };
}

/** The longest body that a preset may make of a published one: it goes to its worker in one message. */
const DISPATCHED_BYTES = 1024 ** 2 - 16 * 1024;

function tooLarge(bytes: number): Read<never> {
  const message = `With its preset the body has ${bytes} bytes, and a published one may have ${DISPATCHED_BYTES}.`;
  return { ok: false, refusal: refusal('body_too_large', { param: 'preset', message }) };
}

/** What stands above the body, where the API has it in the URL; `model` is a preset's. */
function addressOf({ api, contentType }: Job, words: UnsealedWords, model = words.model): RequestAddress {
  return {
    ...(contentType !== undefined && { contentType }),
    ...(api === 'gemini.generate' && {
      ...(model !== undefined && { model }),
      ...(words.stream !== undefined && { stream: words.stream }),
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
    id: isJobId(messageId) ? messageId : idByPlace(sequence, storedAtMs),
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

import {
  isJobId,
  jobStream,
  refusal,
  RefusedError,
  SERVICE_TIERS,
  type Job,
  type Origin,
  type PriorityClass,
  type Read,
  type Refusal,
} from '@penstock/contracts';
import { readRequest, type RequestAddress } from '@penstock/dialects';
import {
  publishEarly,
  publishJob,
  type Connection,
  type EarlyPublication,
  type EventRoom,
  type Publication,
  noEventRoom,
} from '@penstock/messaging';
import { admitRoute, refuseDeadline, type HealthBook, type RouteCatalogue } from '@penstock/scheduling';
import { endSpan, SPAN, traceparentOf, type Span, type Telemetry, type Tracing } from '@penstock/telemetry';
import type { Clock, MakeId } from '@penstock/resilience';
import { admitPreset, type RuleBook } from '@penstock/transforms';
import type { JobOptions } from '../admission/read-options.js';
import type { Principal } from '../admission/principal.js';

export interface SubmissionParts {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly makeId: MakeId;
  /** The models and deployments that a job's route is read against. */
  readonly routes: RouteCatalogue;
  readonly health: Pick<HealthBook, 'report'>;
  readonly rules: RuleBook;
  /** Without it no job is accepted: what it costs could not be written down. */
  readonly eventRoom: Pick<EventRoom, 'isOpen'>;
  readonly telemetry: Pick<Telemetry, 'metrics'>;
}

/** A request that is a job by now, and is not stored yet. */
export interface AdmittedJob {
  readonly job: Job;
  /** What the job runs with: the client's own bytes, unless it named a preset. */
  readonly body: Uint8Array;
}

/** Where an accepted job's record lies. */
export interface Accepted {
  readonly job: Job;
  readonly sequence: number;
  /** The same message id was stored before: this is the job of that time. */
  readonly duplicate: boolean;
}

/**
 * Turns a request into a job, without storing it: everything that can be refused about it is refused here.
 * The body is read, and changed only by a preset that it names.
 */
export function admitJob(
  parts: Omit<SubmissionParts, 'connection'>,
  principal: Principal,
  options: JobOptions,
  body: Uint8Array,
  origin: Origin,
  address?: RequestAddress,
): Read<AdmittedJob> {
  const { rules } = parts;
  const read = admitPreset(rules.presets, options.api, body, (bytes, model) =>
    readRequest(options.api, bytes, model === undefined || !address ? address : { ...address, model }),
  );
  if (!read.ok) return read;
  const { summary, preset, routing: underneath } = read.value;
  const route = admitRoute(parts.routes, {
    tenant: principal.tenant,
    summary,
    trims: read.value.trims ?? rules.trimsFor(principal.tenant),
    ...(underneath && { underneath }),
    ...(options.routing !== undefined && { header: options.routing, headerName: 'x-penstock-routing' }),
  });
  if (!route.ok) return route;
  const { stream, estimatedInputTokens, serviceTier, labels } = summary;
  const job: Job = {
    id: parts.makeId('job'),
    tenant: principal.tenant,
    class: options.classIsDefault && serviceTier ? SERVICE_TIERS[serviceTier] : options.class,
    origin,
    api: options.api,
    stream,
    estimatedInputTokens,
    ...route.value,
    acceptedAtMs: parts.clock.nowMs(),
    keepResult: true,
    keyName: principal.keyName,
    attempts: [],
    ...(labels && { labels }),
    ...(preset !== undefined && { preset }),
    ...(options.clientHeaders && { clientHeaders: options.clientHeaders }),
    ...(options.explain && { explain: true }),
    ...(options.deadlineMs !== undefined && { deadlineMs: options.deadlineMs }),
    ...(address?.contentType !== undefined && { contentType: address.contentType }),
  };
  const late = job.deadlineMs === undefined ? undefined : refuseLateStart(parts, job, job.deadlineMs);
  return late ? { ok: false, refusal: late } : { ok: true, value: { job, body: read.value.body } };
}

function refuseLateStart(
  { routes, health }: Pick<SubmissionParts, 'routes' | 'health'>,
  job: Job,
  deadlineMs: number,
): Refusal | undefined {
  const plan = routes.plan(job);
  if (!plan.ok) return plan.refusal;
  const leftMs = deadlineMs - job.acceptedAtMs;
  return refuseDeadline(health, plan.value.runsOn, leftMs, job.acceptedAtMs, 'x-penstock-deadline');
}

/** The most tokens an answer of the model may have, or the refusal if there is no such model. */
export function requireModel({ routes }: Pick<SubmissionParts, 'routes'>, model: string): Read<number> {
  const maximum = routes.model(model)?.maxOutputTokens;
  if (maximum !== undefined) return { ok: true, value: maximum };
  const message = `There is no model ${JSON.stringify(model)}. GET /v1/models lists those this key may use.`;
  return { ok: false, refusal: refusal('model_not_found', { param: 'model', message }) };
}

type StoreParts = Pick<SubmissionParts, 'connection' | 'eventRoom' | 'telemetry'> & {
  readonly tracing: Tracing;
};

/** Stores a job in its lane. Resolves when it is stored as safely as its class promises, or is not stored at all. */
export async function storeJob(
  parts: StoreParts,
  job: Job,
  body: Uint8Array,
  parent: Span,
): Promise<Read<Accepted>> {
  if (!parts.eventRoom.isOpen) return { ok: false, refusal: noEventRoom() };
  const publish = (traced: Job) => publishJob(parts.connection, traced, body);
  return accepted(job, await observe(parts, job, body, parent, publish));
}

/**
 * The same for a job that somebody in this process waits for: it may be run before it is stored. Resolves with undefined if
 * it has ended by then, and is not stored at all; see `publishEarly`.
 */
export async function storeEarly(
  parts: StoreParts,
  job: Job,
  body: Uint8Array,
  parent: Span,
  onStore: () => void,
): Promise<Read<Accepted | undefined>> {
  if (!parts.eventRoom.isOpen) return { ok: false, refusal: noEventRoom() };
  const publish = (traced: Job) => publishEarly(parts.connection, traced, body, onStore);
  const publication = await observe(parts, job, body, parent, publish);
  return publication.kind === 'unneeded' ? { ok: true, value: undefined } : accepted(job, publication);
}

/** Publishes a job with its span around it, and counts it if it was accepted. */
async function observe<P extends EarlyPublication>(
  { tracing, telemetry }: StoreParts,
  job: Job,
  body: Uint8Array,
  parent: Span,
  publish: (traced: Job) => Promise<P>,
): Promise<P> {
  const span = tracing.startSpan(SPAN.send, parent, { job, bodyBytes: body.length });
  const traceparent = traceparentOf(span);
  const publication = await publish(traceparent === undefined ? job : { ...job, traceparent });
  const { kind } = publication;
  const isAccepted = kind === 'stored' || kind === 'unneeded';
  endSpan(span, undefined, isAccepted || kind === 'duplicate' ? undefined : kind);
  if (isAccepted) telemetry.metrics.accepted.add(1, { class: job.class, origin: job.origin });
  return publication;
}

function accepted(job: Job, publication: Publication): Read<Accepted> {
  switch (publication.kind) {
    case 'stored':
    case 'duplicate':
      return {
        ok: true,
        value: { job, sequence: publication.sequence, duplicate: publication.kind === 'duplicate' },
      };
    case 'full':
      return { ok: false, refusal: refusal('lane_full', { retryAfterMs: LANE_FULL_RETRY_MS[job.class] }) };
    case 'conflict':
    case 'unavailable':
      return { ok: false, refusal: unavailable() };
  }
}

function unavailable(): Refusal {
  return refusal('unavailable', { retryAfterMs: 1_000 });
}

/** How long a full lane may take to have room again, by how fast its class is worked off. */
const LANE_FULL_RETRY_MS: Readonly<Record<PriorityClass, number>> = {
  interactive: 1_000,
  standard: 10_000,
  batch: 60_000,
};

/**
 * A job's id as callers see it: the id, and where the record of the queued job lies, so that it can be found
 * without an index: `job_…-s1f` is the 51st message of the standard jobs' stream, in base 36.
 */
export function publicId(job: Pick<Job, 'id' | 'class'>, sequence: number | undefined): string {
  if (sequence === undefined) return job.id;
  return `${job.id}-${job.class.charAt(0)}${sequence.toString(36)}`;
}

export interface JobAddress {
  readonly id: string;
  readonly record?: { readonly stream: string; readonly sequence: number };
}

const CLASS_OF_LETTER: Readonly<Record<string, PriorityClass>> = {
  i: 'interactive',
  s: 'standard',
  b: 'batch',
};

export function parsePublicId(text: string): JobAddress {
  const match = /^(job_[0-9a-z]+)-([isb])([0-9a-z]{1,11})$/.exec(text);
  const priorityClass = CLASS_OF_LETTER[match?.[2] ?? ''];
  if (!match?.[1] || !match[3] || !priorityClass) {
    // It would stand in subjects.
    if (!isJobId(text)) throw new RefusedError(refusal('job_not_found'));
    return { id: text };
  }
  return { id: match[1], record: { stream: jobStream(priorityClass), sequence: parseInt(match[3], 36) } };
}

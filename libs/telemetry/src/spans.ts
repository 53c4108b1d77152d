import { SpanKind } from '@opentelemetry/api';
import type { Api, EventKind, Job, Lane, OutcomeState, Usage } from '@penstock/contracts';
import { SUBJECT } from '@penstock/contracts';
import type { SpanAttributes } from './attributes.js';

/**
 * Every span Penstock makes, in the order in which a job's trace has them. `docs/telemetry.md` is written from
 * this catalogue.
 *
 * Names and kinds are those of OpenTelemetry's HTTP, messaging and GenAI conventions. A messaging span is named
 * after the subject's template, because a subject holds a tenant, and names have to be few.
 */
export interface SpanSpec<Input> {
  /** As it stands in the catalogue, with what varies as `{name}`. */
  readonly template: string;
  readonly kind: SpanKind;
  readonly service: string;
  /** The template of the span it hangs on, as text. */
  readonly parent: string;
  readonly summary: string;
  /** Must come out few: nothing in it from a tenant, a job or a body. */
  readonly name: (input: Input) => string;
  /** Asked only for a span that is recorded. */
  readonly attributes: (input: Input) => SpanAttributes;
}

const LANE = 'jobs.{class}.{tenant}';
const EVENT = 'events.{tenant}.{kind}.{job}';

type JobFacts = Pick<Job, 'id' | 'class' | 'tenant' | 'origin' | 'model'>;

export const SPAN = {
  request: spec<{ method: string; route: string }>({
    template: '{method} {route}',
    kind: SpanKind.SERVER,
    service: 'ingress',
    parent: "the client's traceparent, or none",
    summary: 'An HTTP request, from its first byte to the last of its answer.',
    name: ({ method, route }) => `${method} ${route}`,
    attributes: ({ method, route }) => ({ 'http.request.method': method, 'http.route': route }),
  }),

  send: spec<{ job: JobFacts; bodyBytes: number }>({
    template: `send ${LANE}`,
    kind: SpanKind.PRODUCER,
    service: 'ingress',
    parent: '{method} {route}',
    summary: 'Publishing a job to its lane, up to the acknowledgement that it is stored.',
    name: () => `send ${LANE}`,
    attributes: ({ job, bodyBytes }) => ({
      ...messaging('send', LANE, SUBJECT.lane(job)),
      ...jobAttributes(job),
      'messaging.message.id': job.id,
      'messaging.message.body.size': bodyBytes,
    }),
  }),

  process: spec<{ job: JobFacts; queueTimeMs: number; deliveries: number }>({
    template: `process ${LANE}`,
    kind: SpanKind.CONSUMER,
    service: 'router',
    parent: `send ${LANE}, or the publisher's traceparent`,
    summary: 'A router takes a job off its lane, picks a deployment and hands the job to a worker.',
    name: () => `process ${LANE}`,
    attributes: ({ job, queueTimeMs, deliveries }) => ({
      ...messaging('process', LANE, SUBJECT.lane(job)),
      ...jobAttributes(job),
      'messaging.message.id': job.id,
      'penstock.queue.time': queueTimeMs / 1000,
      'penstock.deliveries': deliveries,
    }),
  }),

  attempt: spec<{
    job: JobFacts & Pick<Job, 'api' | 'stream'>;
    attempt: {
      id: string;
      number: number;
      deployment: string;
      provider: string;
      upstreamModel: string;
      hedges?: string | undefined;
    };
  }>({
    template: '{operation} {model}',
    kind: SpanKind.CLIENT,
    service: 'worker',
    parent: `process ${LANE}`,
    summary:
      'One attempt: from the dispatch to the last byte of the answer. `model` is the name at the provider.',
    name: ({ job, attempt }) => `${OPERATION[job.api]} ${attempt.upstreamModel}`,
    attributes: ({ job, attempt }) => ({
      ...jobAttributes(job),
      'messaging.message.conversation_id': job.id,
      'gen_ai.operation.name': OPERATION[job.api],
      'gen_ai.provider.name': attempt.provider,
      'gen_ai.request.model': attempt.upstreamModel,
      'gen_ai.request.stream': job.stream,
      'penstock.deployment': attempt.deployment,
      'penstock.attempt.id': attempt.id,
      'penstock.attempt.number': attempt.number,
      'penstock.attempt.hedges': attempt.hedges,
    }),
  }),

  call: spec<{ method: string; url: string }>({
    template: '{method}',
    kind: SpanKind.CLIENT,
    service: 'worker',
    parent: '{operation} {model}',
    summary: 'The HTTP call to the provider. Its context is sent along as `traceparent`.',
    name: ({ method }) => method,
    attributes: ({ method, url }) => ({ 'http.request.method': method, ...urlAttributes(url) }),
  }),

  settle: spec<{ lane: Lane; job: string; outcome: OutcomeState | 'retry' }>({
    template: `settle ${LANE}`,
    kind: SpanKind.CLIENT,
    service: 'worker, router',
    parent: `process ${LANE}`,
    summary: 'Event, result, last frame and acknowledgement, in this order.',
    name: () => `settle ${LANE}`,
    attributes: ({ lane, job, outcome }) => ({
      ...messaging('settle', LANE, SUBJECT.lane(lane)),
      'messaging.message.id': job,
      'penstock.tenant': lane.tenant,
      'penstock.class': lane.class,
      'penstock.outcome': outcome,
    }),
  }),

  record: spec<{ tenant: string; kind: EventKind; job: string; attempt?: string | undefined }>({
    template: `process ${EVENT}`,
    kind: SpanKind.CONSUMER,
    service: 'accounting',
    parent: `settle ${LANE}`,
    summary: 'An event becomes a row of the ledger.',
    name: () => `process ${EVENT}`,
    attributes: ({ tenant, kind, job, attempt }) => ({
      ...messaging('process', EVENT, SUBJECT.event(tenant, kind, job)),
      'messaging.message.id': attempt ?? job,
      'messaging.message.conversation_id': job,
      'penstock.tenant': tenant,
      'penstock.attempt.id': attempt,
    }),
  }),
} as const;

/** What a span of a finished attempt says about the tokens it used. */
export function usageAttributes(usage: Usage): SpanAttributes {
  return {
    'gen_ai.usage.input_tokens': usage.inputTokens,
    'gen_ai.usage.output_tokens': usage.outputTokens,
    'gen_ai.usage.cache_read.input_tokens': usage.cachedInputTokens,
    'gen_ai.usage.cache_creation.input_tokens': usage.cacheWriteTokens,
    'gen_ai.usage.reasoning.output_tokens': usage.reasoningTokens,
  };
}

/** The GenAI conventions' name of what an API does. */
export const OPERATION = {
  'openai.chat': 'chat',
  'openai.completions': 'text_completion',
  'openai.embeddings': 'embeddings',
  'openai.responses': 'chat',
  'anthropic.messages': 'chat',
  'gemini.generate': 'generate_content',
  // The conventions have no names for these.
  'openai.moderations': 'moderation',
  'openai.images.generations': 'image_generation',
  'openai.images.edits': 'image_edit',
  'openai.audio.speech': 'speech',
  'openai.audio.transcriptions': 'transcription',
  'openai.audio.translations': 'translation',
} as const satisfies Record<Api, string>;

function spec<Input>(definition: SpanSpec<Input>): SpanSpec<Input> {
  return definition;
}

function messaging(
  operation: 'send' | 'process' | 'settle',
  template: string,
  subject: string,
): SpanAttributes {
  return {
    'messaging.system': 'nats',
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
    'messaging.destination.name': subject,
    'messaging.destination.template': template,
  };
}

function jobAttributes(job: JobFacts): SpanAttributes {
  return {
    'penstock.tenant': job.tenant,
    'penstock.class': job.class,
    'penstock.origin': job.origin,
    'penstock.model': job.model,
  };
}

/** Some providers take their key in the query, and a proxy's password may stand before the host. */
function urlAttributes(text: string): SpanAttributes {
  const url = URL.parse(text);
  if (!url) return {};
  return {
    'server.address': url.hostname,
    'server.port': Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
    'url.full': `${url.origin}${url.pathname}`,
  };
}

/**
 * Every metric Penstock has, as data: `docs/telemetry.md` is written from it, and instruments are made from it.
 *
 * Labels are bounded by what is configured (deployments, providers, models) or by closed sets (classes,
 * outcomes, failure reasons, error codes, routes). A tenant, a job and a key are never labels: who spent what is
 * the ledger's business.
 *
 * Prometheus sees the names with `_` for `.`, and counters with `_total`.
 */
export interface MetricSpec {
  /**
   * `counter` only grows; `histogram` is a distribution; `gauge` is a value of now, asked for when somebody
   * scrapes.
   */
  readonly kind: 'counter' | 'histogram' | 'gauge';
  readonly name: string;
  /** UCUM, as OpenTelemetry has it. */
  readonly unit: string;
  readonly service: string;
  readonly summary: string;
  readonly labels: readonly string[];
  /** Upper bounds of the buckets, for a histogram. */
  readonly buckets?: readonly number[];
}

/** Of the GenAI conventions, for `gen_ai.client.operation.duration`. */
const OPERATION_SECONDS = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];

/** Of the GenAI conventions, for `gen_ai.client.operation.time_to_first_chunk`. */
const FIRST_CHUNK_SECONDS = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

/** Of the GenAI conventions, for `gen_ai.client.token.usage`. */
const TOKENS = [
  1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
];

/** Of the HTTP conventions. */
const HTTP_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** From a lane that is empty to a batch that waits for the night. */
const QUEUE_SECONDS = [
  0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400, 43_200, 86_400,
];

export const METRICS = {
  httpDuration: {
    kind: 'histogram',
    name: 'http.server.request.duration',
    unit: 's',
    service: 'ingress',
    summary: 'HTTP requests, from the first byte to the last of the answer.',
    labels: ['http.request.method', 'http.route', 'http.response.status_code'],
    buckets: HTTP_SECONDS,
  },
  refusals: {
    kind: 'counter',
    name: 'penstock.refusals',
    unit: '{request}',
    service: 'ingress, router',
    summary:
      'Requests that were refused before or instead of becoming a job, a file or a batch, by error code.',
    labels: ['origin', 'code'],
  },
  cacheLookups: {
    kind: 'counter',
    name: 'penstock.cache.lookups',
    unit: '{request}',
    service: 'ingress',
    summary: 'Requests that asked for a cached answer, by what came of it: hit, miss or bypass.',
    labels: ['result', 'gen_ai.request.model'],
  },
  accepted: {
    kind: 'counter',
    name: 'penstock.jobs.accepted',
    unit: '{job}',
    service: 'ingress, batch, router',
    summary: 'Jobs stored in a lane; those of subjects are counted when a router first sees them.',
    labels: ['class', 'origin'],
  },
  jobs: {
    kind: 'counter',
    name: 'penstock.jobs',
    unit: '{job}',
    service: 'worker, router',
    summary: 'Jobs settled, by outcome.',
    labels: ['class', 'origin', 'outcome'],
  },
  jobDuration: {
    kind: 'histogram',
    name: 'penstock.job.duration',
    unit: 's',
    service: 'worker, router',
    summary: 'From acceptance to outcome.',
    labels: ['class', 'outcome'],
    buckets: QUEUE_SECONDS,
  },
  queueTime: {
    kind: 'histogram',
    name: 'penstock.queue.time',
    unit: 's',
    service: 'router',
    summary: 'From acceptance to the first dispatch.',
    labels: ['class'],
    buckets: QUEUE_SECONDS,
  },
  queueDepth: {
    kind: 'gauge',
    name: 'penstock.queue.depth',
    unit: '{job}',
    service: 'router',
    summary: 'Jobs waiting in the lanes, as this router sees them. Every router sees all: take the maximum.',
    labels: ['class'],
  },
  lanes: {
    kind: 'gauge',
    name: 'penstock.lanes',
    unit: '{lane}',
    service: 'router',
    summary: 'Lanes with work, as this router sees them.',
    labels: ['class'],
  },
  credits: {
    kind: 'gauge',
    name: 'penstock.credits',
    unit: '{credit}',
    service: 'router',
    summary: 'Free slots that workers have granted to this router and it has not spent.',
    labels: ['deployment'],
  },
  redeliveries: {
    kind: 'counter',
    name: 'penstock.redeliveries',
    unit: '{delivery}',
    service: 'router',
    summary: 'Jobs delivered again because their lease ran out: something died.',
    labels: ['class'],
  },
  failovers: {
    kind: 'counter',
    name: 'penstock.failovers',
    unit: '{attempt}',
    service: 'router',
    summary:
      'Attempts dispatched to another deployment than the one before, by the deployment that was left.',
    labels: ['deployment'],
  },
  attemptDuration: {
    kind: 'histogram',
    name: 'gen_ai.client.operation.duration',
    unit: 's',
    service: 'worker',
    summary:
      'Attempts, from dispatch to the last byte; `error.type` is the failure reason, absent for success.',
    labels: [
      'gen_ai.operation.name',
      'gen_ai.provider.name',
      'gen_ai.request.model',
      'deployment',
      'error.type',
    ],
    buckets: OPERATION_SECONDS,
  },
  firstChunk: {
    kind: 'histogram',
    name: 'gen_ai.client.operation.time_to_first_chunk',
    unit: 's',
    service: 'worker',
    summary: 'From the call to the first byte of a streamed answer.',
    labels: ['gen_ai.operation.name', 'gen_ai.provider.name', 'gen_ai.request.model', 'deployment'],
    buckets: FIRST_CHUNK_SECONDS,
  },
  tokens: {
    kind: 'histogram',
    name: 'gen_ai.client.token.usage',
    unit: '{token}',
    service: 'worker',
    summary: 'Tokens of an attempt as the provider counts them; `gen_ai.token.type` is `input` or `output`.',
    labels: [
      'gen_ai.operation.name',
      'gen_ai.provider.name',
      'gen_ai.request.model',
      'deployment',
      'gen_ai.token.type',
    ],
    buckets: TOKENS,
  },
  failures: {
    kind: 'counter',
    name: 'penstock.attempt.failures',
    unit: '{attempt}',
    service: 'worker',
    summary: 'Attempts that failed, by reason.',
    labels: ['deployment', 'reason'],
  },
  hedges: {
    kind: 'counter',
    name: 'penstock.hedges',
    unit: '{attempt}',
    service: 'worker',
    summary: 'Slow attempts: a hedge `won`, `lost` or `failed`, or none went: `no_budget`, `no_room`.',
    labels: ['deployment', 'outcome'],
  },
  running: {
    kind: 'gauge',
    name: 'penstock.attempts.running',
    unit: '{attempt}',
    service: 'worker',
    summary: 'Attempts running now.',
    labels: ['deployment'],
  },
  breaker: {
    kind: 'gauge',
    name: 'penstock.breaker.state',
    unit: '1',
    service: 'worker',
    summary: 'State of the breaker in this worker: 0 closed, 1 half open, 2 open.',
    labels: ['deployment'],
  },
  breakerOpenings: {
    kind: 'counter',
    name: 'penstock.breaker.openings',
    unit: '{opening}',
    service: 'worker',
    summary: 'How often the breaker opened.',
    labels: ['deployment'],
  },
  ledgerRows: {
    kind: 'counter',
    name: 'penstock.ledger.rows',
    unit: '{row}',
    service: 'accounting',
    summary: 'Rows added to the ledger. An event told twice adds none.',
    labels: ['deployment'],
  },
  cost: {
    kind: 'counter',
    name: 'penstock.cost',
    unit: '{micro_usd}',
    service: 'accounting',
    summary: 'What the rows cost, in millionths of a US dollar.',
    labels: ['deployment'],
  },
  eventLag: {
    kind: 'gauge',
    name: 'penstock.events.lag',
    unit: '{event}',
    service: 'accounting',
    summary: 'Events told and not yet acknowledged by the consumer.',
    labels: ['consumer'],
  },
  batchLines: {
    kind: 'counter',
    name: 'penstock.batch.lines',
    unit: '{line}',
    service: 'batch',
    summary: 'Lines of batch files that came to an end: `completed` or `failed`, by the file they are in.',
    labels: ['outcome'],
  },
  eventLoop: {
    kind: 'gauge',
    name: 'nodejs.eventloop.utilization',
    unit: '1',
    service: 'all',
    summary: 'Share of the time since the scrape before in which the event loop was busy.',
    labels: [],
  },
  memory: {
    kind: 'gauge',
    name: 'process.memory.usage',
    unit: 'By',
    service: 'all',
    summary: 'Resident memory of the process.',
    labels: [],
  },
} as const satisfies Record<string, MetricSpec>;

import type { Lane } from './job.js';
import { isPriorityClass, type PriorityClass } from './priority-class.js';

/** Every subject Penstock publishes or subscribes to, built and taken apart here and nowhere else. */
export const SUBJECT = {
  /** Jobs of one tenant in one class, waiting. Publish here to submit one. */
  lane: (lane: Lane) => `jobs.${lane.class}.${lane.tenant}`,
  /** All lanes of a class. */
  lanesOf: (priorityClass: PriorityClass) => `jobs.${priorityClass}.>`,
  /** Rung by the server for every stored job: the lane's subject behind `bell.`, headers only. */
  bell: 'bell.>',

  /** The outcome of a job, kept for its time: body and `Penstock-` headers. */
  result: (tenant: string, job: string) => `results.${tenant}.${job}`,
  /** Outcomes of lines of a batch that ended together: shelf and numbers of the lines, then `end`. */
  lineResults: (tenant: string, batch: string, lines: string) => `results.${tenant}.${batch}.${lines}`,
  /** All outcomes of one batch. */
  batchResultsOf: (tenant: string, batch: string) => `results.${tenant}.${batch}.>`,

  /** What happened to a job: JSON, without prompt or completion. */
  event: (tenant: string, kind: EventKind, job: string) => `events.${tenant}.${kind}.${job}`,
  /** The ends of several jobs that nobody waits for one by one: a line of JSON each. */
  outcomes: (tenant: string) => `events.${tenant}.outcomes`,
  /** Jobs that wait for a person, with their history. */
  deadLetter: (lane: Lane) => `dead.${lane.tenant}.${lane.class}`,

  /** All of a tenant's dead letters. */
  deadLettersOf: (tenant: string) => `dead.${tenant}.*`,
  /** A job that waits; the server publishes it under `delayed.due` at its time. */
  delayedWait: (lane: Lane, job: string) => `delayed.wait.${lane.class}.${lane.tenant}.${job}`,
  /** Where the server puts it then; a router moves it to its lane. */
  delayedDue: (lane: Lane) => `delayed.due.${lane.class}.${lane.tenant}`,
  /** Jobs that have waited long enough and go back to their lanes. */
  allDelayedDue: 'delayed.due.>',

  /** All replies to one ingress; a waiting request listens on one token of it. */
  replies: (ingress: string) => `reply.${ingress}.>`,
  /** Chunks and outcome of one job, to the ingress that waits for it. */
  reply: (ingress: string, job: string) => `reply.${ingress}.${job}`,

  /** What an idempotency key of a tenant stands for: the job, file or batch of its first use. */
  claim: (tenant: string, digest: string) => `claims.${tenant}.${digest}`,
  /** Answer of a job that several callers may wait for, at whichever ingress. */
  shared: (tenant: string, job: string) => `shared.${tenant}.${job}`,
  /** The same for a stream: kept while it may still be joined in the middle. */
  recorded: (tenant: string, job: string) => `recorded.${tenant}.${job}`,

  /** The answer to a request of a tenant, for when it is asked again. */
  cached: (tenant: string, digest: string) => `cached.${tenant}.${digest}`,

  /** Jobs dispatched to a worker, each with its lease. */
  work: (worker: string) => `work.${worker}`,
  /** A worker hands a job and its lease back to the router it came from. */
  returned: (router: string) => `returned.${router}`,
  /** Hands a router the lease of a job that runs in its process already. */
  lease: (router: string) => `lease.${router}`,
  /** Cancels a job, wherever it is. */
  cancel: (tenant: string, job: string) => `cancel.${tenant}.${job}`,
  /** Ends the part of a lease that one job of a bundle has, where the bundle came off its lane. */
  leasePart: (desk: string) => `part.${desk}`,
  /** How far the one caller of a stream has read: its worker keeps within a window of that. */
  read: (tenant: string, job: string) => `read.${tenant}.${job}`,
  /** Asks whoever holds a job where it stands. */
  inspect: (tenant: string, job: string) => `inspect.${tenant}.${job}`,

  /** Workers say what they are and how full. */
  capacityWorkers: 'capacity.worker',
  /** Routers say that they are there, what they want and how fast jobs start. */
  capacityRouters: 'capacity.router',
  /** A worker grants credits to one router, and says what its ended attempts used. */
  capacityGrants: (router: string) => `capacity.grant.${router}`,
  /** A router gives credits back to a worker. */
  capacityReturns: (worker: string) => `capacity.return.${worker}`,
  /** What a worker runs, as it was within the last second: the last of it is kept. */
  running: (worker: string) => `running.${worker}`,
  /** What a router had sent to a worker that fell silent, and had not heard the end of. */
  runningWhenSilent: (worker: string, router: string) => `running.${worker}.${router}`,
  /** What all workers run, or ran when they died, whoever wrote it down. */
  allRunning: 'running.>',
  /** Workers tell everybody how calls to their deployments went lately. */
  health: 'health.workers',

  /** Asks accounting for tokens and cost by tenant, model and day. */
  askUsage: 'accounting.usage',
  /** Asks accounting how a job ended. */
  askOutcome: 'accounting.outcome',
  /** Asks accounting what the ledger has of one job. */
  askGeneration: 'accounting.generation',
  /** Asks accounting what a tenant or a key has spent. */
  askSpending: 'accounting.spending',

  /** Tells the batch service of a file that lies in the object store. */
  registerFile: 'batch.files.register',
  /** Asks for a file's description. */
  askFile: 'batch.files.get',
  /** Asks for a tenant's files. */
  askFiles: 'batch.files.list',
  /** Asks where the content of a file lies. */
  askFileContent: 'batch.files.content',
  /** Deletes a file. */
  removeFile: 'batch.files.remove',
  /** Makes a batch of a file. */
  createBatch: 'batch.create',
  /** Asks how a batch stands. */
  askBatch: 'batch.get',
  /** Asks for a tenant's batches. */
  askBatches: 'batch.list',
  /** Cancels a batch. */
  cancelBatch: 'batch.cancel',
  /** Forgets a batch that has ended, and its files. */
  removeBatch: 'batch.remove',
  /** Tells whoever waits for it that a batch has ended. */
  batchEnded: (tenant: string, batch: string) => `batch.ended.${tenant}.${batch}`,
} as const;

export type EventKind = 'attempt' | 'outcome';

export const STREAM = {
  /** Lanes of the class interactive, in memory. */
  interactive: 'LANES_INTERACTIVE',
  /** Lanes of the classes standard and batch, on disk. */
  durable: 'LANES',
  /** Attempts and outcomes, each read by several consumers. */
  events: 'EVENTS',
  /** Outcomes that are kept to be fetched. */
  results: 'RESULTS',
  /** What idempotency keys stand for. */
  claims: 'CLAIMS',
  /** Streamed answers on their way, for callers who come or come back while they run. */
  recordings: 'RECORDINGS',
  /** Answers that are given again to the same request, each for its time. */
  cache: 'CACHE',
  /** What each worker runs, for the case that it dies with whoever else knows. */
  running: 'RUNNING',
  /** Jobs that failed for good. */
  deadLetters: 'DEAD_LETTERS',
  /** Retries that wait longer than a lease is worth. */
  delayed: 'DELAYED',
} as const;

export type StreamName = (typeof STREAM)[keyof typeof STREAM];

/** Which of the two streams of lanes a class lives in. */
export function jobStream(priorityClass: PriorityClass): StreamName {
  return priorityClass === 'interactive' ? STREAM.interactive : STREAM.durable;
}

/** The lane behind `jobs.<class>.<tenant>`, with or without `bell.` before it; undefined for any other subject. */
export function parseLane(subject: string): Lane | undefined {
  const tokens = subject.split('.');
  if (tokens[0] === 'bell') tokens.shift();
  const [root, priorityClass, tenant] = tokens;
  if (tokens.length !== 3 || root !== 'jobs' || !isPriorityClass(priorityClass) || !tenant) return undefined;
  return { class: priorityClass, tenant };
}

/** A subject token made of what every NATS server and tool takes without quoting. */
export const TOKEN = /^[A-Za-z0-9_-]{1,64}$/;

export function isToken(value: string): boolean {
  return TOKEN.test(value);
}

/** A job's id as it may stand in a subject: one token, or `<batch>.<line>`. */
export function isJobId(value: string): boolean {
  const parts = value.split('.');
  return parts.length <= 2 && parts.every(isToken);
}

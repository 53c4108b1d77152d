/**
 * Every header that Penstock reads or writes on a NATS message. Publishers may set those under "a publisher's
 * own"; the rest are set by Penstock and ignored on a message that comes from outside.
 */
export const HEADER = {
  // A publisher's own.
  /** Idempotency key of a publish; also the job's id. Server-side duplicates are dropped. */
  messageId: 'Nats-Msg-Id',
  /** Which API the body is written in. Default `openai.chat`. */
  api: 'Penstock-Api',
  /** RFC 3339 instant, or milliseconds since the epoch. */
  deadline: 'Penstock-Deadline',
  /** Where chunks and the outcome go while somebody waits: an inbox, or `replies.<tenant>.>`. */
  replyTo: 'Penstock-Reply-To',
  /** JSON: the caller's routing preferences. */
  routing: 'Penstock-Routing',
  /** W3C trace context, lower case as the recommendation has it. */
  traceparent: 'traceparent',

  // Set by Penstock on a job.
  /** The job's id. */
  job: 'Penstock-Job',
  /** The entrance: `http`, `subject` or `batch`. */
  origin: 'Penstock-Origin',
  /** The public name of the model. */
  model: 'Penstock-Model',
  /** `1` when the answer is to come as a stream of events. */
  stream: 'Penstock-Stream',
  /** Estimated tokens, `<input>/<output>`. */
  tokens: 'Penstock-Tokens',
  /** When the job was accepted, in milliseconds since the epoch. */
  acceptedAt: 'Penstock-Accepted-At',
  /** `1` when the outcome is kept in RESULTS. */
  keepResult: 'Penstock-Keep-Result',
  /** The name of the API key that brought the job. */
  keyName: 'Penstock-Key-Name',
  /** JSON: why a job was set aside. On dead letters. */
  reason: 'Penstock-Reason',
  /** JSON: the attempts already made. */
  attempts: 'Penstock-Attempts',

  // Set by Penstock on a dispatch to a worker.
  /** Where the lease of the job is extended and settled. */
  ackSubject: 'Penstock-Ack',
  /** How often the server has delivered the job. */
  deliveries: 'Penstock-Deliveries',
  /** The id of the attempt that the dispatch asks for. */
  attemptId: 'Penstock-Attempt',
  /** The deployment that the attempt shall run on. */
  deployment: 'Penstock-Deployment',
  /** The router that sent it, which a worker hands it back to. */
  router: 'Penstock-Router',
  /** The lane the job came from. */
  lane: 'Penstock-Lane',
  /** When a router dispatched it, in milliseconds since the epoch. */
  dispatchedAt: 'Penstock-Dispatched-At',
  /** JSON: why a worker hands the job back. */
  failure: 'Penstock-Failure',

  // Set by Penstock on a frame of an answer.
  /** `chunk` or `outcome`. */
  frame: 'Penstock-Frame',
  /** Counts the frames of one attempt's answer from 0, so that a gap shows. */
  sequence: 'Penstock-Sequence',
  /** How the job ended: `succeeded`, `failed`, `cancelled`, `expired` or `dead_lettered`. */
  outcome: 'Penstock-Outcome',
  /** HTTP status the answer has. */
  status: 'Penstock-Status',
  /** Media type of the body. */
  contentType: 'Content-Type',
  /** A code of the error catalogue. */
  errorCode: 'Penstock-Error-Code',
  /** After how long a new try is worth it, in milliseconds. */
  retryAfter: 'Penstock-Retry-After',
  /** JSON: the job's event, kept beside its result so that it can be told again. */
  event: 'Penstock-Event',
  /** Stands in place of a body that lies in the object store. */
  claimCheck: 'Penstock-Claim-Check',
} as const;

/** The part of a NATS header map that contracts need; `MsgHdrs` of the client is one. */
export interface HeaderMap {
  get(name: string): string;
  set(name: string, value: string): void;
}

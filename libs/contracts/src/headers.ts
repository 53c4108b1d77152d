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
  /** Penstock's seal, where it lies in a lane, and JSON: all that is known of the job but its tenant and class. One header, because reading a dozen costs more. */
  job: 'Penstock-Job',
  /** The same of several jobs of one lane whose bodies stand in one message, one behind the other, with the length of each. */
  bundle: 'Penstock-Bundle',
  /** The router in whose process the job runs already: whoever takes it off its lane hands that router the lease. */
  holder: 'Penstock-Holder',
  /** JSON: why a job was set aside. On dead letters. */
  reason: 'Penstock-Reason',

  // Set by Penstock on a dispatch to a worker.
  /** JSON: lane, lease, attempt, deployment, and the router to hand it back to. */
  dispatch: 'Penstock-Dispatch',
  /** JSON: why a worker hands the job back. */
  failure: 'Penstock-Failure',

  // Set by Penstock on a frame of an answer.
  /** The id of the job that is answered. */
  jobId: 'Penstock-Job-Id',
  /** `chunk` or `outcome`. */
  frame: 'Penstock-Frame',
  /** The attempt whose answer the frame belongs to: a job that is run again begins its answer anew. */
  attempt: 'Penstock-Attempt',
  /** Counts the frames of one attempt's answer from 0, so that a gap shows. */
  sequence: 'Penstock-Sequence',
  /** How the job ended: `succeeded`, `failed`, `cancelled`, `expired` or `dead_lettered`. */
  outcome: 'Penstock-Outcome',
  /** HTTP status the answer has. */
  status: 'Penstock-Status',
  /** Media type of the body; on a publish only where it is a form. */
  contentType: 'Content-Type',
  /** A code of the error catalogue. */
  errorCode: 'Penstock-Error-Code',
  /** Fields of the request that the provider never saw, with commas between them. */
  dropped: 'Penstock-Dropped',
  /** After how long a new try is worth it, in milliseconds. */
  retryAfter: 'Penstock-Retry-After',
  /** JSON: the job's event, kept beside its result so that it can be told again; on a frame for who asked for an explanation. */
  event: 'Penstock-Event',
  /** Stands in place of a body that lies in the object store. */
  claimCheck: 'Penstock-Claim-Check',
} as const;

/** Where headers are only read. Empty for one that is not there. */
export interface HeaderReader {
  get(name: string): string;
}

/** The part of a NATS header map that contracts need; `MsgHdrs` of the client is one. */
export interface HeaderMap extends HeaderReader {
  set(name: string, value: string): void;
}

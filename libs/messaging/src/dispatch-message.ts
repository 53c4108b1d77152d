import {
  HEADER,
  parseLane,
  SUBJECT,
  type AttemptRecord,
  type Failure,
  type HeaderMap,
  type HedgeTerms,
  type Job,
} from '@penstock/contracts';
import type { MsgHdrs } from 'nats';
import type { Connection } from './connection.js';
import type { CoreMessage } from './core.js';
import { decodeJob, encodeJob } from './job-message.js';

/** A job and its lease on the way from a router to a worker, or back. */
export interface Dispatch {
  readonly job: Job;
  readonly body: Uint8Array;
  readonly ackSubject: string;
  /** How often JetStream has delivered the job, this time included. */
  readonly deliveries: number;
  /** It may have been run before: its outcome has to be looked for once more before a provider is called. */
  readonly suspect: boolean;
  /** The id the attempt will have. */
  readonly attemptId: string;
  readonly deployment: string;
  /** The public model it runs as, where that is not the one that was asked for: a fallback. */
  readonly model?: string;
  /** There is another model to go to should this one find the request too long or objectionable. */
  readonly fallback?: true;
  /** Whom to hand it back to. */
  readonly router: string;
  /** Counts what that router has sent to this worker, from 1. A worker says how far it has read. */
  readonly number: number;
  /** When the router had the job in its hands. */
  readonly takenAtMs: number;
  readonly dispatchedAtMs: number;
  /** Why the job's other deployments were not taken, by id. Absent where there was no other. */
  readonly skipped?: Readonly<Record<string, string>>;
  /** That, and how, a second attempt may be sent beside this one. */
  readonly hedge?: HedgeTerms;
}

/** Hands a job and its lease to a worker. Lost on the way, the lease runs out and the job comes again. */
export function sendDispatch(connection: Connection, worker: string, dispatch: Dispatch): void {
  connection.outgoing.publishContent(SUBJECT.work(worker), dispatch.body, {
    value: dispatch,
    encode: () => encodeDispatch(dispatch),
  });
}

/** What a worker hands back: the job with its history, and why. The lease goes back with it. */
export interface Returned {
  readonly dispatch: Dispatch;
  readonly failure: Omit<Failure, 'body'>;
  /** Whether a provider was called: a bounced dispatch is no attempt. */
  readonly attempted: boolean;
}

export function sendReturned(
  connection: Connection,
  returned: Returned,
  attempt: AttemptRecord | undefined,
): void {
  const { dispatch } = returned;
  const job = attempt ? { ...dispatch.job, attempts: [...dispatch.job.attempts, attempt] } : dispatch.job;
  const h = encodeDispatch({ ...dispatch, job });
  h.set(HEADER.failure, JSON.stringify({ ...returned.failure, attempted: returned.attempted }));
  connection.outgoing.publish(SUBJECT.returned(dispatch.router), dispatch.body, { headers: h });
}

/** What the dispatch header holds: all of a dispatch but the job and its body. */
type DispatchHeader = Omit<Dispatch, 'job' | 'body'> & { readonly lane: string };

function encodeDispatch(dispatch: Dispatch): MsgHdrs {
  const { job, body: _, ...rest } = dispatch;
  const h = encodeJob(job);
  h.set(HEADER.dispatch, JSON.stringify({ ...rest, lane: SUBJECT.lane(job) } satisfies DispatchHeader));
  return h;
}

/** Reads what `sendDispatch` sent; undefined for anything else. */
export function decodeDispatch({ content, headers, data }: CoreMessage): Dispatch | undefined {
  return content === undefined ? readDispatch(headers, data) : (content as Dispatch);
}

function readDispatch(h: HeaderMap | undefined, body: Uint8Array): Dispatch | undefined {
  const text = h?.get(HEADER.dispatch);
  if (!h || !text) return undefined;
  const { lane: subject, ...rest } = JSON.parse(text) as DispatchHeader;
  const lane = parseLane(subject);
  return lane && { ...rest, job: decodeJob(lane, h), body };
}

export function decodeReturned(message: CoreMessage): Returned | undefined {
  const dispatch = readDispatch(message.headers, message.data);
  if (!dispatch || !message.headers) return undefined;
  const { attempted, ...failure } = JSON.parse(message.headers.get(HEADER.failure)) as Failure & {
    attempted: boolean;
  };
  return { dispatch, failure, attempted };
}

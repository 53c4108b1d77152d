import type { Api } from './api.js';
import type { AttemptRecord } from './attempt.js';
import type { PriorityClass } from './priority-class.js';
import type { JobLabels, RequestNeeds } from './request.js';

/** Through which of the three entrances a job came. */
export const ORIGINS = ['http', 'subject', 'batch'] as const;

export type Origin = (typeof ORIGINS)[number];

/**
 * One admitted request, without its body: all that a router needs to know. The body travels beside it as the
 * bytes the client sent.
 *
 * Tenant and class are read from the subject the job was published to, never from a header, because the
 * subject is what the server's permissions guard.
 */
export interface Job {
  /** Unique within the tenant. A member of a batch is `<batch>.<line>`. */
  readonly id: string;
  readonly tenant: string;
  readonly class: PriorityClass;
  readonly origin: Origin;
  readonly api: Api;
  /** The public name the client asked for. */
  readonly model: string;
  /** The client wants the answer as a stream of events. */
  readonly stream: boolean;
  readonly estimatedInputTokens: number;
  /** The most that the answer may use: the client's own bound, or the model's. */
  readonly estimatedOutputTokens: number;
  readonly acceptedAtMs: number;
  /** After this instant nobody wants the answer any more. */
  readonly deadlineMs?: number;
  /** Where chunks and the outcome are sent while somebody waits. */
  readonly replySubject?: string;
  /** Whether the outcome is kept in RESULTS to be fetched later. */
  readonly keepResult: boolean;
  /** A digest of the body, where it is too long to travel with the job: it lies in the object store under it. */
  readonly claimCheck?: string;
  /** Media type of the body, with its parameters, where it is not JSON: a form with files in it. */
  readonly contentType?: string;
  /** The name of the API key that brought it, for accounting. */
  readonly keyName?: string;
  readonly labels?: JobLabels;
  /** Headers of the client that its vendor's providers understand, such as `anthropic-beta`. Names in lower case. */
  readonly clientHeaders?: Readonly<Record<string, string>>;
  /** The caller's routing preferences as JSON text: read and checked where the job was admitted. */
  readonly routing?: string;
  /** What it asks of a deployment beside tokens; left out where no deployment of its models is choosy. */
  readonly needs?: RequestNeeds;
  /** The preset that it was admitted with, `name@version`: what it says stands in the body by now. */
  readonly preset?: string;
  /** Its conversation is made to fit the deployment that it runs on, whatever the model. */
  readonly trims?: true;
  /** The caller wants to be told with the answer where the job ran, and why there. */
  readonly explain?: true;
  /** Who waits for the stream reports how far it has been read (`ReadReport`), and wants it no faster. */
  readonly paced?: true;
  readonly traceparent?: string;
  /** Attempts already made, oldest first. Empty for a job nobody has tried yet. */
  readonly attempts: readonly AttemptRecord[];
}

/** The name of the queue a job waits in: one tenant in one class. */
export interface Lane {
  readonly class: PriorityClass;
  readonly tenant: string;
}

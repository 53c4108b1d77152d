import type { Api, Failure, FailureReason, Usage } from '@penstock/contracts';
import type { ProviderCall } from '../provider.js';
import type { StreamReading } from '../wire/event-stream.js';
import type { JsonObject } from '../wire/json.js';
import type { ErrorWords } from '../wire/status-failure.js';

/**
 * What an adapter has to know to pass a client's bytes through to a provider of the same dialect: how the request
 * goes out, and what to read on the side. Passthrough does the rest.
 */
export interface Dialect {
  /** The APIs it is spoken in. */
  readonly apis: readonly Api[];
  /** The credential, and what else every request needs. Names in lower case. */
  headers(apiKey: string | undefined): Readonly<Record<string, string>>;
  /** The request for a call in one of `apis`, or why there can be none. */
  prepare(call: ProviderCall): PreparedCall | Failure;
  /** What an error body says; undefined for a body that is no error. */
  readError(body: JsonObject): ErrorWords | undefined;
  /** What the dialect's error words mean, where they know better than the status. */
  readonly reasons: Readonly<Record<string, FailureReason>>;
}

export interface PreparedCall {
  /** Below the base URL; begins with a slash. */
  readonly path: string;
  readonly body: Buffer;
  /** Media type of the body. Default `application/json`. */
  readonly contentType?: string;
  /** Bytes of the body that are text, by which tokens are estimated. Default: all of it. */
  readonly textBytes?: number;
  /** What to read from a whole answer; undefined when it is no answer of this API. */
  readAnswer(body: JsonObject): AnswerReading | undefined;
  /** The same for an answer that is not JSON, by its media type and length. Absent where none may come. */
  readBytes?(contentType: string, bytes: number): AnswerReading;
  readStream(): StreamReading;
}

export interface AnswerReading {
  /** Undefined when the provider does not say. */
  readonly usage: Usage | undefined;
  readonly upstreamId: string | undefined;
}

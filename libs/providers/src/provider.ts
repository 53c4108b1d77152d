import type { Api, Failure, Usage } from '@penstock/contracts';

/**
 * The port to a provider: what an adapter has to be able to do, and the only thing a worker knows of one.
 * Every adapter passes the conformance suite in `conformance.ts`.
 *
 * An adapter retries nothing, waits for nothing but the provider, and never throws: whatever goes wrong is a
 * `failure`. It keeps no state between calls but its connections.
 */
export interface Provider {
  call(call: ProviderCall): Promise<ProviderAnswer>;
  /** Takes no further calls, and resolves when those under way are over. They are the caller's to abort. */
  close(): Promise<void>;
}

export interface ProviderCall {
  /** The API the body is written in, and the answer must be written in. */
  readonly api: Api;
  /** The client's own bytes. */
  readonly body: Uint8Array;
  readonly stream: boolean;
  /** The model's name at the provider; stands in for the public one in the body. */
  readonly upstreamModel: string;
  /** Sent along as `x-request-id`, so that a call can be found at both ends. */
  readonly attemptId: string;
  /** W3C trace context, sent along. */
  readonly traceparent?: string;
  /** Aborts the call at the provider, at whatever point it is. */
  readonly signal: AbortSignal;
  /** How long to wait for the first byte of the answer's body; for a stream that may be a mere sign of life. */
  readonly firstByteTimeoutMs: number;
  /** How long a stream may be silent before it counts as interrupted. */
  readonly idleTimeoutMs: number;
}

/**
 * What came of a call up to the first byte of the answer that a client would see; for a stream the rest is in
 * `chunks`. A provider may answer `complete` although a stream was asked for.
 */
export type ProviderAnswer = CompleteAnswer | StreamedAnswer | FailedAnswer;

export interface CompleteAnswer {
  readonly kind: 'complete';
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly usage: Usage | undefined;
  readonly upstreamId: string | undefined;
  readonly limits: LimitReading | undefined;
}

export interface StreamedAnswer {
  readonly kind: 'stream';
  readonly status: number;
  readonly contentType: string;
  /** The answer as the client shall see it. */
  readonly chunks: ChunkStream;
  readonly upstreamId: string | undefined;
  readonly limits: LimitReading | undefined;
}

/**
 * A stream of whole events, with how it ended as its last word; `for await` reads it too, but does not see the end.
 * Nothing in it rejects. What is not read is not fetched, beyond a buffer of bounded size.
 */
export interface ChunkStream {
  /** All events that have come since the last call, as one chunk. One call at a time. */
  next(): Promise<IteratorResult<Uint8Array, StreamEnd>>;
  /** Aborts the call at the provider, at once and also while a `next` waits, and says what it used so far. */
  return(): Promise<IteratorResult<Uint8Array, StreamEnd>>;
  [Symbol.asyncIterator](): this;
}

export interface StreamEnd {
  /** Absent when the provider said it was done. */
  readonly failure?: Failure;
  /** Absent when the provider charges nothing. `estimated` when it broke off before saying. */
  readonly usage: Usage | undefined;
}

export interface FailedAnswer {
  readonly kind: 'failure';
  readonly failure: Failure;
  /** What the provider charges all the same: for an answer that arrived but cannot be used. */
  readonly usage: Usage | undefined;
  readonly limits: LimitReading | undefined;
}

/** What the provider's rate-limit headers say, as far as they do. */
export interface LimitReading {
  readonly requests?: LimitWindow;
  readonly tokens?: LimitWindow;
}

export interface LimitWindow {
  readonly limit?: number;
  readonly remaining?: number;
  /** Until the window is full again. */
  readonly resetMs?: number;
}

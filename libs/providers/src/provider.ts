import type {
  Api,
  CanonicalCall,
  CanonicalResult,
  CanonicalStreamPart,
  Failure,
  Usage,
} from '@penstock/contracts';

/**
 * The port to a provider: what an adapter has to be able to do, and the only thing a worker knows of one.
 * Every adapter passes the conformance suite in `conformance.ts`.
 *
 * An adapter retries nothing, waits for nothing but the provider, and never throws: whatever goes wrong is a
 * `failure`. It keeps no state between calls but its connections.
 */
export interface Provider {
  /** Whether `call` takes this API's bytes as they are. Where it does not, `generate` takes the request translated. */
  speaks(api: Api): boolean;
  /** A call in an API that the provider speaks. */
  call(call: ProviderCall): Promise<ProviderAnswer>;
  /** A call in no dialect at all, for a client whose API the provider does not speak. */
  generate(call: TranslatedCall): Promise<TranslatedAnswer>;
  /** Takes no further calls, and resolves when those under way are over. They are the caller's to abort. */
  close(): Promise<void>;
}

/** What every call has, in whatever dialect. */
export interface CallTerms {
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
  /** Changes a JSON body, in the provider's own dialect, just before it is sent; or says why it cannot. */
  readonly rewrite?: (body: Uint8Array) => Promise<Uint8Array | Failure>;
}

export interface ProviderCall extends CallTerms {
  /** The API the body is written in, and the answer must be written in. */
  readonly api: Api;
  /** The client's own bytes. */
  readonly body: Uint8Array;
  /** The client's own switches, such as `anthropic-beta`, sent along; joined to one of that name in the settings. */
  readonly clientHeaders?: Readonly<Record<string, string>>;
  /** Media type of the body where it is not JSON. */
  readonly contentType?: string;
}

export interface TranslatedCall extends CallTerms {
  readonly call: CanonicalCall;
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

/** A stream of whole events, as bytes. */
export type ChunkStream = AnswerStream<Uint8Array>;

/**
 * A stream of what an answer is made of, with how it ended as its last word; `for await` reads it too, but does not
 * see the end. Nothing in it rejects. What is not read is not fetched, beyond a buffer of bounded size.
 */
export interface AnswerStream<T> {
  /** All that has come since the last call. One call at a time. */
  next(): Promise<IteratorResult<T, StreamEnd>>;
  /** Aborts the call at the provider, at once and also while a `next` waits, and says what it used so far. */
  return(): Promise<IteratorResult<T, StreamEnd>>;
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

/** What came of a translated call; the kinds mean what those of ProviderAnswer mean. */
export type TranslatedAnswer =
  | {
      readonly kind: 'complete';
      readonly result: CanonicalResult;
      readonly usage: Usage | undefined;
      readonly upstreamId: string | undefined;
      readonly limits: LimitReading | undefined;
      /** Fields of the call, `stopSequences` for one, that the provider has no like of. Absent: none. */
      readonly unsupported?: readonly string[];
    }
  | {
      readonly kind: 'stream';
      /** Ends with a `finish` part, or with a failure and without one. */
      readonly parts: AnswerStream<readonly CanonicalStreamPart[]>;
      readonly upstreamId: string | undefined;
      readonly limits: LimitReading | undefined;
      readonly unsupported?: readonly string[];
    }
  | FailedAnswer;

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

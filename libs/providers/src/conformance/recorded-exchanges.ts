import type { FailureReason, Usage } from '@penstock/contracts';
import type { ProviderCall } from '../provider.js';

/** An adapter's side of the conformance suite: exchanges as its provider documents them. */
export interface RecordedExchanges {
  readonly api: ProviderCall['api'];
  readonly upstreamModel: string;
  /** A client's body with the public name as its model; `stream` is the same with streaming on. */
  readonly request: { readonly whole: string; readonly stream: string };
  /** The path below the base URL. */
  readonly path: { readonly whole: string; readonly stream: string };
  /** The header that carries the credential, and what stands in it for the key `test-key`. */
  readonly credential: { readonly header: string; readonly value: string };
  readonly answer: { readonly body: string; readonly usage: Usage; readonly upstreamId: string };
  readonly stream: {
    /** Ends as the provider ends a complete answer. */
    readonly body: string;
    /** What of it the client sees. */
    readonly shown: string;
    readonly usage: Usage;
    /** Events at the start that are not yet an answer. */
    readonly leadingEvents: number;
    /** Events at the end without which the answer is not complete. */
    readonly closingEvents: number;
    /** An error as an event of a stream, and what it stands for before the answer has begun. */
    readonly errorEvent: { readonly event: string; readonly reason: FailureReason };
  };
  readonly errors: readonly RecordedError[];
}

export interface RecordedError {
  readonly title: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly reason: FailureReason;
  readonly retryAfterMs?: number;
}

import type { Api, Read, Refusal, RequestSummary } from '@penstock/contracts';
import type { RenderedError } from './rendered-error.js';
import type { Translation } from './translation.js';

/** What a client dialect can do. One entry an API, in `dialects.ts`. */
export interface Dialect {
  readonly readRequest: (body: Uint8Array, address?: RequestAddress) => Read<RequestSummary>;
  readonly renderError: (refusal: Refusal, requestId: string) => RenderedError;
  readonly renderStreamError: (refusal: Refusal, before?: Uint8Array) => Uint8Array;
  /** Absent where there is no other dialect to translate to. */
  readonly translate?: (body: Uint8Array) => Read<Translation>;
}

export type Dialects = Readonly<Record<Api, Dialect>>;

/** What a request says outside its body. Model and stream are in the URL of Gemini's API, and stand above the body. */
export interface RequestAddress {
  /** Media type of the body, with its parameters. Absent: JSON. */
  readonly contentType?: string;
  readonly model?: string;
  readonly stream?: boolean;
}

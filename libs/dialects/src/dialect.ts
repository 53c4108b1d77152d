import type { Api, Read, Refusal, RequestSummary } from '@penstock/contracts';
import type { RenderedError } from './rendered-error.js';

/** What every client dialect can do. One entry an API, in `dialects.ts`. */
export interface Dialect {
  readRequest(body: Uint8Array): Read<RequestSummary>;
  renderError(refusal: Refusal, requestId: string): RenderedError;
  renderStreamError(refusal: Refusal): Uint8Array;
}

export type Dialects = Readonly<Record<Api, Dialect>>;

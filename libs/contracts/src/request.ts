import type { Refusal } from './errors.js';

/** What admission has to know of a request's body, whichever API it is written in. */
export interface RequestSummary {
  readonly model: string;
  readonly stream: boolean;
  readonly estimatedInputTokens: number;
  /** The client's own bound on the answer; undefined when it set none. */
  readonly maxOutputTokens: number | undefined;
}

/** The result of reading something that came from outside. */
export type Read<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

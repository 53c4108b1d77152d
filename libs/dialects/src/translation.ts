import type { CanonicalCall, CanonicalResult, CanonicalStreamPart, Refusal } from '@penstock/contracts';

/**
 * A client's request in no dialect at all, and the way back: how to write the answer in the client's own.
 * Made by `translateRequest` for an attempt on a provider that speaks another dialect than the client.
 */
export interface Translation {
  readonly call: CanonicalCall;
  /**
   * Paths of the fields that the canonical form does not express, so that the provider will not see them:
   * `logit_bias`, `messages[2].name`. A caller that requires its parameters is refused for any of them.
   */
  readonly dropped: readonly string[];
  /** The whole answer as JSON. */
  renderResult(result: CanonicalResult, identity: AnswerIdentity): Uint8Array;
  startStream(identity: AnswerIdentity): StreamRenderer;
}

/** What an answer has that does not come from the provider. */
export interface AnswerIdentity {
  /** Without the dialect's prefix, which is added. */
  readonly id: string;
  /** The public name, which the client asked for. */
  readonly model: string;
  readonly createdAtMs: number;
}

/** Writes one streamed answer: a state machine over its parts, used for one stream only. */
export interface StreamRenderer {
  /**
   * Whole server-sent events, or nothing. The events up to the `finish` part, put together as the dialect's
   * clients do it, are what `renderResult` gives for the same answer.
   */
  render(part: CanonicalStreamPart): Uint8Array;
  /** The event that ends a broken stream. Nothing after `finish`. Nothing may follow it. */
  fail(refusal: Refusal): Uint8Array;
}

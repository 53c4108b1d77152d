import type { Usage } from '../usage.js';
import type { ProviderOptions } from './message.js';

/**
 * An answer between dialects. Shapes as in the AI SDK's `LanguageModelV4GenerateResult`; usage is Penstock's
 * own, because the ledger needs it in one form whichever way an answer came.
 */
export interface CanonicalResult {
  /** In the order in which the model made it. */
  readonly content: readonly CanonicalContent[];
  readonly finishReason: FinishReason;
  /** Absent when the provider did not say. */
  readonly usage?: Usage;
  readonly response?: CanonicalResponseMetadata;
  readonly logprobs?: readonly TokenLogprob[];
}

export type CanonicalContent =
  | { readonly type: 'text'; readonly text: string; readonly providerMetadata?: ProviderOptions }
  | { readonly type: 'reasoning'; readonly text: string; readonly providerMetadata?: ProviderOptions }
  | CanonicalToolCall
  | CanonicalFile
  | CanonicalSource;

export interface CanonicalToolCall {
  readonly type: 'tool-call';
  readonly toolCallId: string;
  readonly toolName: string;
  /** The arguments as JSON text. */
  readonly input: string;
  readonly providerMetadata?: ProviderOptions;
}

/** A file the model made, such as an image. */
export interface CanonicalFile {
  readonly type: 'file';
  readonly mediaType: string;
  readonly data:
    { readonly type: 'data'; readonly data: string } | { readonly type: 'url'; readonly url: URL };
}

/** A page the answer leans on. */
export interface CanonicalSource {
  readonly type: 'source';
  readonly sourceType: 'url';
  readonly id: string;
  readonly url: string;
  readonly title?: string;
}

/**
 * Why the model stopped. There is no `error` among them: an answer that the provider did not finish is a
 * `Failure`, never a result.
 */
export interface FinishReason {
  readonly unified: 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'other';
  /** The provider's own word for it. */
  readonly raw?: string | undefined;
  /** The stop sequence that was met, where the provider tells. */
  readonly stopSequence?: string;
}

export interface CanonicalResponseMetadata {
  /** The id the provider gave its answer. */
  readonly id?: string;
  readonly timestamp?: Date;
  /** The model's name at the provider. */
  readonly modelId?: string;
}

export interface TokenLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly topLogprobs: readonly { readonly token: string; readonly logprob: number }[];
}

import type { JsonMap, JsonValue } from './json.js';

/**
 * One message of a prompt. Shapes as in the AI SDK's `LanguageModelV4Prompt`; parts that no client dialect
 * can send are left out.
 */
export type CanonicalMessage = (
  | { readonly role: 'system'; readonly content: string }
  | { readonly role: 'user'; readonly content: readonly (TextPart | FilePart)[] }
  | {
      readonly role: 'assistant';
      readonly content: readonly (TextPart | FilePart | ReasoningPart | ToolCallPart)[];
    }
  | { readonly role: 'tool'; readonly content: readonly ToolResultPart[] }
) &
  WithProviderOptions;

/**
 * What only one provider family understands, by its name: `{ anthropic: { cacheControl: … } }`. Adapters of
 * other families ignore it.
 */
export interface WithProviderOptions {
  readonly providerOptions?: ProviderOptions;
}

export type ProviderOptions = Readonly<Record<string, JsonMap>>;

export interface TextPart extends WithProviderOptions {
  readonly type: 'text';
  readonly text: string;
}

/** An image, a document, a clip. */
export interface FilePart extends WithProviderOptions {
  readonly type: 'file';
  readonly filename?: string;
  readonly data: FileData;
  /** IANA media type; its first half and `/*` where the client did not say more. */
  readonly mediaType: string;
}

export type FileData =
  /** Base64, as all client dialects send it. */
  | { readonly type: 'data'; readonly data: string }
  | { readonly type: 'url'; readonly url: URL }
  | { readonly type: 'text'; readonly text: string };

/** What the model thought, sent back to it. Its signature, where it has one, is in the provider options. */
export interface ReasoningPart extends WithProviderOptions {
  readonly type: 'reasoning';
  readonly text: string;
}

export interface ToolCallPart extends WithProviderOptions {
  readonly type: 'tool-call';
  readonly toolCallId: string;
  readonly toolName: string;
  /** The arguments as a value, not as JSON text. */
  readonly input: JsonValue;
}

export interface ToolResultPart extends WithProviderOptions {
  readonly type: 'tool-result';
  readonly toolCallId: string;
  readonly toolName: string;
  readonly output: ToolResultOutput;
}

export type ToolResultOutput =
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'json'; readonly value: JsonValue }
  | { readonly type: 'error-text'; readonly value: string }
  | { readonly type: 'content'; readonly value: readonly (TextPart | FilePart)[] };

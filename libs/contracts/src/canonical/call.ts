import type { JsonMap } from './json.js';
import type { CanonicalMessage } from './message.js';
import type { CanonicalTool, CanonicalToolChoice } from './tool.js';

/**
 * A request between dialects: what the client asked for, in no dialect at all. It is used only where the
 * client's dialect is not the provider's; where they are the same, the client's bytes go through.
 *
 * The fields down to `reasoning` have the shape of the AI SDK's `LanguageModelV4CallOptions`, so that an
 * adapter hands them to a provider package as they are. Those after it are Penstock's own: a package takes
 * them, if at all, as options of its provider.
 */
export interface CanonicalCall {
  readonly prompt: readonly CanonicalMessage[];
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly stopSequences?: readonly string[];
  readonly topP?: number;
  readonly topK?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  /** Default: text. */
  readonly responseFormat?: CanonicalResponseFormat;
  readonly seed?: number;
  readonly tools?: readonly CanonicalTool[];
  /** Default: the model decides. */
  readonly toolChoice?: CanonicalToolChoice;
  /** How much the model reasons before it answers. Default: as the provider has it. */
  readonly reasoning?: ReasoningEffort;

  /** The most tokens that reasoning may take, where the client gave a number instead of an effort. */
  readonly reasoningBudgetTokens?: number;
  /** False: at most one tool call in an answer. */
  readonly parallelToolCalls?: boolean;
  /** How many of the likeliest tokens to report at each position; 0 reports only the one chosen. */
  readonly topLogprobs?: number;
  /** The caller's own name for its end user. */
  readonly user?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh';

export type CanonicalResponseFormat =
  | { readonly type: 'text' }
  | {
      readonly type: 'json';
      /** A JSON schema. Absent: any JSON. */
      readonly schema?: JsonMap;
      readonly name?: string;
      readonly description?: string;
      /** The provider guarantees that the answer fits the schema. Default: as the provider has it. */
      readonly strict?: boolean;
    };

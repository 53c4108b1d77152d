import type { Usage } from '../usage.js';
import type { ProviderOptions } from './message.js';
import type {
  CanonicalFile,
  CanonicalResponseMetadata,
  CanonicalSource,
  CanonicalToolCall,
  FinishReason,
  TokenLogprob,
} from './result.js';

/**
 * One event of an answer that is streamed between dialects. Shapes as in the AI SDK's
 * `LanguageModelV4StreamPart`, without warnings, raw chunks and errors: a broken stream ends in a `Failure`,
 * not in a part.
 *
 * Blocks are told apart by id and may overlap. Each begins with its `-start`, and the deltas of a block put
 * together are its text. After `tool-input-end` comes the whole `tool-call` under the same id; a provider that
 * does not stream its tool calls sends that alone. `finish` comes once, last, and only where the provider said
 * that it was done.
 */
export type CanonicalStreamPart =
  | BlockPart<'text-start'>
  | (BlockPart<'text-delta'> & { readonly delta: string })
  | BlockPart<'text-end'>
  | BlockPart<'reasoning-start'>
  | (BlockPart<'reasoning-delta'> & { readonly delta: string })
  | BlockPart<'reasoning-end'>
  | (BlockPart<'tool-input-start'> & { readonly toolName: string })
  | (BlockPart<'tool-input-delta'> & { readonly delta: string })
  | BlockPart<'tool-input-end'>
  | CanonicalToolCall
  | CanonicalFile
  | CanonicalSource
  | ({ readonly type: 'response-metadata' } & CanonicalResponseMetadata)
  | CanonicalFinish;

export interface CanonicalFinish {
  readonly type: 'finish';
  readonly finishReason: FinishReason;
  /** Absent when the provider did not say. */
  readonly usage?: Usage;
  readonly logprobs?: readonly TokenLogprob[];
}

interface BlockPart<Type extends string> {
  readonly type: Type;
  readonly id: string;
  readonly providerMetadata?: ProviderOptions;
}

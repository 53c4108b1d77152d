import type { TextOrTokens } from '../openai-text/text-or-tokens.js';

/** A text completions body, as far as Penstock reads it. True of a value only after its check. */
export interface CompletionsRequest {
  readonly model: string;
  readonly prompt: TextOrTokens;
  readonly suffix?: string | null;
  readonly max_tokens?: number | null;
  readonly n?: number | null;
  readonly best_of?: number | null;
  readonly echo?: boolean | null;
  readonly stream?: boolean | null;
  readonly stream_options?: { readonly include_usage?: boolean | null } | null;
  readonly temperature?: number | null;
  readonly top_p?: number | null;
  readonly presence_penalty?: number | null;
  readonly frequency_penalty?: number | null;
  readonly seed?: number | null;
  readonly stop?: string | readonly string[] | null;
  readonly user?: string | null;
}

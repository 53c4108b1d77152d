/** What will be said, in how many tokens, and how it ends. Dialects render it; they decide nothing. */
export interface CompletionPlan {
  readonly choices: readonly PlannedChoice[];
  readonly usage: PlannedUsage;
}

export interface PlannedChoice {
  /** Thoughts that come before the answer; empty when there are none. */
  readonly reasoning: string;
  readonly text: string;
  readonly toolCalls: readonly PlannedToolCall[];
  readonly finish: Finish;
  /** The stop sequence that ended the text, if one did. */
  readonly stoppedBy: string | undefined;
}

export interface PlannedToolCall {
  readonly name: string;
  /** JSON text. */
  readonly input: string;
}

/** `length`: the caller's bound cut it. `refused`: the model will not answer. */
export type Finish = 'stop' | 'length' | 'tool_calls' | 'refused';

/** `cachedTokens` and `cacheWriteTokens` are parts of `inputTokens`, `reasoningTokens` of `outputTokens`. */
export interface PlannedUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Read from the prompt cache. */
  readonly cachedTokens: number;
  /** Written to the prompt cache. Only Anthropic's dialect tells of it. */
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
}

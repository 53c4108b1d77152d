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
}

export interface PlannedToolCall {
  readonly name: string;
  /** JSON text. */
  readonly input: string;
}

/** `length`: the caller's bound cut it. `refused`: the model will not answer. */
export type Finish = 'stop' | 'length' | 'tool_calls' | 'refused';

/** `cachedTokens` is part of `inputTokens`, `reasoningTokens` of `outputTokens`. */
export interface PlannedUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  readonly reasoningTokens: number;
}

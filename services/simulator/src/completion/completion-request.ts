/** What any dialect's request asks for, in no dialect: all that the plan of the answer depends on. */
export interface CompletionRequest {
  readonly model: string;
  /** Counted by the rule in `count-tokens.ts` over everything the model would read. */
  readonly inputTokens: number;
  /** The text of the last thing the caller said: directives are read from it, and texts under a seed depend on it. */
  readonly prompt: string;
  /** Whether the last message is the result of a tool: then the answer is a text, unless a tool is forced. */
  readonly answersTool: boolean;
  readonly choices: number;
  readonly maxOutputTokens: number | undefined;
  readonly stop: readonly string[];
  /** The same seed and prompt give the same text. Without one, every call says something else. */
  readonly seed: number | undefined;
  readonly tools: readonly OfferedTool[];
  readonly toolChoice: ToolChoice;
  readonly parallelToolCalls: boolean;
  /** A JSON Schema the text must fit, or `any` for any JSON object. */
  readonly answerSchema: JsonSchema | 'any' | undefined;
  /** Whether the request asks for reasoning in the dialect's own way. */
  readonly reasoning: boolean;
}

export interface OfferedTool {
  readonly name: string;
  readonly parameters: JsonSchema;
}

/** A tool's name forces that one. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

export type JsonSchema = boolean | { readonly [keyword: string]: unknown };

import type { JsonMap, JsonValue } from '@penstock/contracts';

/** A messages body, as far as Penstock reads it. True of a value only after `checkMessagesRequest`. */
export interface MessagesRequest extends CountTokensRequest {
  readonly max_tokens: number;
  readonly stream?: boolean | null;
  readonly stop_sequences?: readonly string[] | null;
  readonly temperature?: number | null;
  readonly top_k?: number | null;
  readonly top_p?: number | null;
  readonly metadata?: { readonly user_id?: string | null } | null;
}

/** What is counted of it: the body of `count_tokens`. */
export interface CountTokensRequest {
  readonly model: string;
  readonly messages: readonly AnthropicMessage[];
  readonly system?: string | readonly TextBlock[] | null;
  readonly tools?: readonly AnthropicTool[] | null;
  readonly tool_choice?: AnthropicToolChoice | null;
  readonly thinking?: Thinking | null;
  readonly output_config?: OutputConfig | null;
}

export interface AnthropicMessage {
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: string | readonly Block[];
}

export interface CacheMarked {
  readonly cache_control?: { readonly type: string; readonly ttl?: string } | null;
}

export interface TextBlock extends CacheMarked {
  readonly type: 'text';
  readonly text: string;
}

export type Block = TextBlock | ImageBlock | DocumentBlock | ThinkingBlock | ToolUseBlock | ToolResultBlock;

export interface ImageBlock extends CacheMarked {
  readonly type: 'image';
  readonly source: Source;
}

export interface DocumentBlock extends CacheMarked {
  readonly type: 'document';
  readonly source: Source;
  readonly title?: string | null;
  readonly context?: string | null;
  readonly citations?: { readonly enabled?: boolean } | null;
}

export type Source =
  | { readonly type: 'base64'; readonly media_type: string; readonly data: string }
  | { readonly type: 'text'; readonly media_type: string; readonly data: string }
  | { readonly type: 'url'; readonly url: string }
  | { readonly type: 'file'; readonly file_id: string }
  | { readonly type: 'content'; readonly content: string | readonly Block[] };

export type ThinkingBlock =
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'redacted_thinking'; readonly data: string };

export interface ToolUseBlock extends CacheMarked {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: JsonValue;
}

export interface ToolResultBlock extends CacheMarked {
  readonly type: 'tool_result';
  readonly tool_use_id: string;
  readonly content?: string | readonly Block[] | null;
  readonly is_error?: boolean | null;
}

export interface AnthropicTool extends CacheMarked {
  /** Absent or `custom` for a function of the client's; else one that the vendor runs or defines. */
  readonly type?: string | null;
  readonly name: string;
  readonly description?: string | null;
  readonly input_schema?: JsonMap;
  readonly strict?: boolean | null;
}

export type AnthropicToolChoice =
  | { readonly type: 'auto' | 'any'; readonly disable_parallel_tool_use?: boolean | null }
  | { readonly type: 'tool'; readonly name: string; readonly disable_parallel_tool_use?: boolean | null }
  | { readonly type: 'none' };

export interface Thinking {
  readonly type: string;
  readonly budget_tokens?: number | null;
}

export interface OutputConfig {
  readonly effort?: string | null;
  readonly format?: { readonly type: 'json_schema'; readonly schema: JsonMap } | null;
}

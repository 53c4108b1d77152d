import type { JsonMap } from '@penstock/contracts';

/**
 * A chat completions body, as far as Penstock reads it. True of a value only after `checkChatRequest`.
 * Optional fields may be null: the vendor treats that as absent.
 */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly stream?: boolean | null;
  readonly stream_options?: { readonly include_usage?: boolean | null } | null;
  readonly max_tokens?: number | null;
  readonly max_completion_tokens?: number | null;
  readonly n?: number | null;
  readonly temperature?: number | null;
  readonly top_p?: number | null;
  /** Not the vendor's own: servers that follow its API take it. */
  readonly top_k?: unknown;
  readonly presence_penalty?: number | null;
  readonly frequency_penalty?: number | null;
  readonly seed?: number | null;
  readonly stop?: string | readonly string[] | null;
  readonly logprobs?: boolean | null;
  readonly top_logprobs?: number | null;
  readonly tools?: readonly ChatTool[] | null;
  readonly tool_choice?: ChatToolChoice | null;
  readonly parallel_tool_calls?: boolean | null;
  readonly functions?: readonly unknown[] | null;
  readonly response_format?: ChatResponseFormat | null;
  readonly reasoning_effort?: string | null;
  readonly modalities?: readonly string[] | null;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
  readonly user?: string | null;
  readonly safety_identifier?: string | null;
  readonly store?: boolean | null;
  readonly service_tier?: string | null;
}

export interface ChatMessage {
  readonly role: 'developer' | 'system' | 'user' | 'assistant' | 'tool' | 'function';
  readonly content?: string | readonly ChatPart[] | null;
  readonly tool_calls?: readonly ChatToolCall[] | null;
  readonly tool_call_id?: string;
  readonly refusal?: unknown;
  /** What the model thought, under the two names that servers and clients of this dialect use. */
  readonly reasoning_content?: unknown;
  readonly reasoning?: unknown;
}

export type ChatPart = { readonly cache_control?: unknown } & (
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'refusal'; readonly refusal: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string; readonly detail?: string } }
  | { readonly type: 'input_audio'; readonly input_audio: { readonly data: string; readonly format: string } }
  | { readonly type: 'file'; readonly file: ChatFile }
);

export interface ChatFile {
  readonly file_data?: string | null;
  readonly file_id?: string | null;
  readonly filename?: string | null;
}

export interface ChatToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
  /** Where Google puts the signature of a thought, in its own server of this dialect. */
  readonly extra_content?: unknown;
}

export interface ChatTool {
  readonly type: 'function';
  readonly function: {
    readonly name: string;
    readonly description?: string | null;
    readonly parameters?: JsonMap | null;
    readonly strict?: boolean | null;
  };
}

export type ChatToolChoice =
  'none' | 'auto' | 'required' | { readonly type: string; readonly function?: { readonly name?: unknown } };

export type ChatResponseFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json_object' }
  | {
      readonly type: 'json_schema';
      readonly json_schema: {
        readonly name: string;
        readonly description?: string | null;
        readonly schema?: JsonMap | null;
        readonly strict?: boolean | null;
      };
    };

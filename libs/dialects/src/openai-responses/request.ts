import type { JsonMap } from '@penstock/contracts';

/**
 * A body of the Responses API, as far as Penstock reads it. True of a value only after
 * `checkResponsesRequest`. Optional fields may be null.
 */
export interface ResponsesRequest {
  readonly model: string;
  readonly input: string | readonly InputItem[];
  readonly instructions?: string | null;
  readonly stream?: boolean | null;
  readonly background?: boolean | null;
  readonly previous_response_id?: string | null;
  readonly conversation?: unknown;
  readonly prompt?: unknown;
  readonly max_output_tokens?: number | null;
  readonly temperature?: number | null;
  readonly top_p?: number | null;
  readonly top_logprobs?: number | null;
  readonly include?: readonly string[] | null;
  readonly tools?: readonly ResponsesTool[] | null;
  readonly tool_choice?: string | JsonMap | null;
  readonly parallel_tool_calls?: boolean | null;
  readonly reasoning?: { readonly effort?: string | null; readonly summary?: string | null } | null;
  readonly text?: { readonly format?: TextFormat | null; readonly verbosity?: string | null } | null;
  readonly truncation?: string | null;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
  readonly user?: string | null;
  readonly safety_identifier?: string | null;
  readonly store?: boolean | null;
  readonly service_tier?: string | null;
}

/** A message needs no `type`; every other item has one. */
export type InputItem = MessageItem | FunctionCallItem | FunctionCallOutputItem | ReasoningItem;

export interface MessageItem {
  readonly type?: 'message';
  readonly role: 'user' | 'assistant' | 'system' | 'developer';
  readonly content: string | readonly InputPart[];
}

export interface FunctionCallItem {
  readonly type: 'function_call';
  readonly call_id: string;
  readonly name: string;
  readonly arguments: string;
}

export interface FunctionCallOutputItem {
  readonly type: 'function_call_output';
  readonly call_id: string;
  readonly output: string | readonly InputPart[];
}

export interface ReasoningItem {
  readonly type: 'reasoning';
  readonly id?: string | null;
  readonly summary?: readonly { readonly text: string }[] | null;
  readonly content?: readonly { readonly text: string }[] | null;
  readonly encrypted_content?: string | null;
}

export type InputPart =
  | { readonly type: 'input_text' | 'output_text'; readonly text: string }
  | { readonly type: 'refusal'; readonly refusal: string }
  | {
      readonly type: 'input_image';
      readonly image_url?: string | null;
      readonly file_id?: string | null;
      readonly detail?: string | null;
    }
  | {
      readonly type: 'input_file';
      readonly file_data?: string | null;
      readonly file_url?: string | null;
      readonly file_id?: string | null;
      readonly filename?: string | null;
    };

export interface ResponsesTool {
  readonly type: string;
  readonly name: string;
  readonly description?: string | null;
  readonly parameters?: JsonMap | null;
  readonly strict?: boolean | null;
}

export type TextFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json_object' }
  | {
      readonly type: 'json_schema';
      readonly name: string;
      readonly schema: JsonMap;
      readonly description?: string | null;
      readonly strict?: boolean | null;
    };

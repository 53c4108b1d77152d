import type { CanonicalSource, TokenLogprob } from '@penstock/contracts';

/** One item of a response's output, growing while it is streamed. */
export type OutputItem = MessageOutput | ReasoningOutput | FunctionCallOutput;

export interface MessageOutput {
  readonly type: 'message';
  readonly id: string;
  readonly role: 'assistant';
  status: 'in_progress' | 'completed';
  /** One text, or none before it has begun. */
  content: OutputText[];
}

export interface OutputText {
  readonly type: 'output_text';
  text: string;
  readonly annotations: UrlCitation[];
  logprobs: OutputLogprob[];
}

export interface UrlCitation {
  readonly type: 'url_citation';
  readonly url: string;
  readonly title: string;
  readonly start_index: number;
  readonly end_index: number;
}

export interface ReasoningOutput {
  readonly type: 'reasoning';
  readonly id: string;
  status: 'in_progress' | 'completed';
  summary: { readonly type: 'summary_text'; text: string }[];
  encrypted_content?: string;
}

export interface FunctionCallOutput {
  readonly type: 'function_call';
  readonly id: string;
  readonly call_id: string;
  readonly name: string;
  arguments: string;
  status: 'in_progress' | 'completed';
}

export function emptyText(): OutputText {
  return { type: 'output_text', text: '', annotations: [], logprobs: [] };
}

/** A source that is not tied to a place in the text. */
export function urlCitation({ url, title }: CanonicalSource): UrlCitation {
  return { type: 'url_citation', url, title: title ?? url, start_index: 0, end_index: 0 };
}

export type OutputLogprob = ReturnType<typeof outputLogprob>;

export function outputLogprob({ token, logprob, topLogprobs }: TokenLogprob) {
  return {
    ...tokenEntry(token, logprob),
    top_logprobs: topLogprobs.map((one) => tokenEntry(one.token, one.logprob)),
  };
}

function tokenEntry(token: string, logprob: number) {
  return { token, logprob, bytes: [...new TextEncoder().encode(token)] };
}

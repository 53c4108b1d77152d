/** A request of OpenAI's chat completions API. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: 'user'; readonly content: string }[];
  readonly stream?: true;
}

/** The part of a chat completion that the demo looks at. */
export interface ChatCompletion {
  readonly choices: readonly { readonly message: { readonly content: string } }[];
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
}

export function chatRequest(model: string, content: string): ChatRequest {
  return { model, messages: [{ role: 'user', content }] };
}

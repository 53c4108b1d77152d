import type { Api } from '@penstock/contracts';

/** A call of each API, in the words of its clients. */
export interface DialectCall {
  readonly path: (stream: boolean) => string;
  readonly body: (prompt: string, stream: boolean) => object;
  /** Where the vendor's clients look for the message of an error. */
  readonly errorMessage: (body: never) => unknown;
}

const error = (body: { error: { message: string } }) => body.error.message;

const messages = (content: string) => [{ role: 'user', content }];

/** The APIs at whose endpoints a caller waits, each for the model `small`. */
export const DIALECT_CALLS = {
  'openai.chat': {
    path: () => '/v1/chat/completions',
    body: (prompt, stream) => ({ model: 'small', messages: messages(prompt), stream }),
    errorMessage: error,
  },
  'openai.completions': {
    path: () => '/v1/completions',
    body: (prompt, stream) => ({ model: 'small', prompt, stream }),
    errorMessage: error,
  },
  'openai.responses': {
    path: () => '/v1/responses',
    body: (prompt, stream) => ({ model: 'small', input: prompt, stream }),
    errorMessage: error,
  },
  'anthropic.messages': {
    path: () => '/v1/messages',
    body: (prompt, stream) => ({ model: 'small', max_tokens: 256, messages: messages(prompt), stream }),
    errorMessage: error,
  },
  'gemini.generate': {
    path: (stream) => `/v1beta/models/small:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: (prompt) => ({ contents: [{ role: 'user', parts: [{ text: prompt }] }] }),
    errorMessage: error,
  },
} as const satisfies { readonly [api in Api]?: DialectCall };

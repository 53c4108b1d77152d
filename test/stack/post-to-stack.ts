import type { Stack } from './start-stack.js';

export interface PostToStack {
  readonly path?: string;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
  /** Which of the stack's ingresses. Default 0. */
  readonly ingress?: number;
  readonly secret?: string;
  readonly signal?: AbortSignal;
}

/** Posts to one ingress of a stack; where nothing else is said, a chat call of tenant acme. */
export function postToStack(
  stack: Stack,
  { path = '/v1/chat/completions', body, headers, ingress = 0, secret, signal }: PostToStack,
): Promise<Response> {
  return fetch(`${stack.urls[ingress]}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${secret ?? stack.keys.acme}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
}

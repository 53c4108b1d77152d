import { request as send } from 'node:http';
import type { Stack } from '../../stack/start-stack.js';
import { checkExchange } from '../published/check-exchange.js';
import type { Exchange } from './recording-proxy.js';

/** The status, the code where the dialect has it, and the vendor's shape. */
export function expectError(answer: Exchange, status: number, code: string | RegExp): void {
  expect({ status: answer.status, body: answer.responseBody }).toMatchObject({ status });
  expect(answer.contentType).toMatch(/^application\/json/);
  expect(answer.responseHeaders['x-penstock-error-code']).toMatch(code);
  const told = checkExchange(answer);
  if (told) return expect(told).toEqual([]);
  const { error } = JSON.parse(answer.responseBody) as { readonly error: Record<string, unknown> };
  if (/^\/v1\/(jobs|dead_letters|usage)/.test(answer.path)) {
    expect(error).toEqual({
      message: expect.any(String),
      type: expect.any(String),
      param: error['param'] ?? null,
      code: expect.stringMatching(code),
    });
    return;
  }
  expect(error).toEqual({
    code: status,
    message: expect.any(String),
    status: expect.stringMatching(/^[A-Z_]+$/),
    details: expect.arrayContaining([
      expect.objectContaining({ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', domain: 'penstock' }),
    ]),
  });
}

export interface Call {
  readonly path: string;
  readonly method?: string;
  readonly body?: string;
  /** Null for none. Default: one that is let in. */
  readonly key?: string | null;
  /** What Content-Length says, if that is not true. */
  readonly length?: number;
}

/** One request as it is said here, whatever is wrong with it. */
export function call(
  { url, keys }: Stack,
  { path, method = 'POST', body = '', key = keys.acme, length }: Call,
) {
  return new Promise<Exchange>((resolve, reject) => {
    const requestHeaders = {
      ...(body !== '' && { 'content-type': 'application/json' }),
      'content-length': String(length ?? Buffer.byteLength(body)),
      ...(key !== null && { authorization: `Bearer ${key}` }),
    };
    const request = send(new URL(path, url), { method, headers: requestHeaders }, (answer) => {
      const came: Buffer[] = [];
      answer.on('data', (bytes: Buffer) => came.push(bytes));
      answer.on('end', () => {
        request.destroy();
        resolve({
          method,
          path,
          requestHeaders,
          requestBody: body,
          status: answer.statusCode ?? 0,
          contentType: answer.headers['content-type'] ?? '',
          responseHeaders: answer.headers,
          responseBody: Buffer.concat(came).toString(),
        });
      });
    });
    request.on('error', reject);
    if (length === undefined) request.end(body);
    else request.write(body);
  });
}

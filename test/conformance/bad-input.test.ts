import { request as send } from 'node:http';
import { startStack, type Stack } from '../stack/start-stack.js';
import { checkExchange } from './published/check-exchange.js';
import type { Exchange } from './wire/recording-proxy.js';

interface Endpoint {
  readonly path: string;
  /** Where the body names no model, or the path does. */
  readonly modelless?: boolean;
  /** Takes a form; what stands here for JSON is refused as being of the wrong kind. */
  readonly form?: boolean;
  /** A body whose first fault is a wrong type. */
  readonly wrongType: object;
}

const MESSAGES = [{ role: 'user', content: 'x' }];
const GENERATE = { contents: [{ parts: [{ text: 5 }] }] };

/** Every endpoint that takes a body. */
const ENDPOINTS: readonly Endpoint[] = [
  { path: '/v1/chat/completions', wrongType: { model: 'small', messages: 'x' } },
  { path: '/v1/completions', wrongType: { model: 'small', prompt: { a: 1 } } },
  { path: '/v1/embeddings', wrongType: { model: 'embedding', input: { a: 1 } } },
  { path: '/v1/responses', wrongType: { model: 'small', input: 5 } },
  { path: '/v1/moderations', modelless: true, wrongType: { model: 5, input: 'x' } },
  { path: '/v1/images/generations', wrongType: { model: 5, prompt: 'x' } },
  { path: '/v1/audio/speech', wrongType: { model: 5, input: 'x', voice: 'alloy' } },
  { path: '/v1/audio/transcriptions', form: true, wrongType: {} },
  { path: '/v1/audio/translations', form: true, wrongType: {} },
  { path: '/v1/files', form: true, wrongType: {} },
  { path: '/v1/batches', modelless: true, wrongType: { input_file_id: 5 } },
  { path: '/v1/jobs', wrongType: { model: 'small', messages: 'x' } },
  { path: '/v1/messages', wrongType: { model: 'small', max_tokens: 'x', messages: MESSAGES } },
  { path: '/v1/messages/count_tokens', wrongType: { model: 'small', messages: 'x' } },
  { path: '/v1/messages/batches', modelless: true, wrongType: { requests: 'x' } },
  { path: '/v1beta/models/small:generateContent', modelless: true, wrongType: GENERATE },
  { path: '/v1beta/models/small:streamGenerateContent?alt=sse', modelless: true, wrongType: GENERATE },
  { path: '/v1beta/models/small:countTokens', modelless: true, wrongType: GENERATE },
  { path: '/v1/models/small:generateContent', modelless: true, wrongType: GENERATE },
];

/** What is wrong with a request gets the same code everywhere, and the error's shape of the API that was called. */
describe.each(ENDPOINTS)('bad input at $path', ({ path, modelless, form, wrongType }) => {
  const ask = (how: {
    method?: string;
    path?: string;
    body?: string;
    key?: string | null;
    length?: number;
  }) => call(stack, { path, ...how });

  it('not JSON', async () => {
    const answer = await ask({ body: '{"model": "small", ' });
    expectError(answer, form ? 415 : 400, form ? 'unsupported_media_type' : 'malformed_json');
  });

  it('not an object', async () => {
    const answer = await ask({ body: '[]' });
    expectError(answer, form ? 415 : 400, form ? 'unsupported_media_type' : /malformed_json|invalid_request/);
  });

  it('a wrong type', async () => {
    const answer = await ask({ body: JSON.stringify(wrongType) });
    expectError(answer, form ? 415 : 400, form ? 'unsupported_media_type' : 'invalid_request');
  });

  if (!modelless && !form) {
    it('no model', async () => {
      const { model: _, ...rest } = wrongType as { model?: unknown };
      expectError(await ask({ body: JSON.stringify(rest) }), 400, 'invalid_request');
    });
  }

  it('a body that is too large', async () => {
    expectError(await ask({ body: '{', length: 500 * 1024 ** 2 }), 413, 'body_too_large');
  });

  it('no key, and one that nobody knows', async () => {
    expectError(await ask({ body: '{}', key: null }), 401, 'missing_api_key');
    expectError(await ask({ body: '{}', key: 'sk-nobody' }), 401, 'invalid_api_key');
  });

  it('a method that it does not take', async () => {
    const answer = await ask({ method: 'PATCH' });
    expectError(answer, 405, 'method_not_allowed');
    expect(answer.responseHeaders['allow']).toContain('POST');
  });

  it('a path beside it', async () => {
    const [bare = ''] = path.split(/[:?]/);
    expectError(await ask({ path: `${bare}/no/such`, body: '{}' }), 404, 'route_not_found');
  });
});

let stack: Stack;
beforeAll(async () => (stack = await startStack()));
afterAll(() => stack.close());

/** The status, the code where the dialect has it, and the vendor's shape. */
function expectError(answer: Exchange, status: number, code: string | RegExp): void {
  expect({ status: answer.status, body: answer.responseBody }).toMatchObject({ status });
  expect(answer.contentType).toMatch(/^application\/json/);
  expect(answer.responseHeaders['x-penstock-error-code']).toMatch(code);
  const told = checkExchange(answer);
  if (told) return expect(told).toEqual([]);
  const { error } = JSON.parse(answer.responseBody) as { readonly error: Record<string, unknown> };
  if (answer.path.startsWith('/v1/jobs')) {
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

interface Call {
  readonly path: string;
  readonly method?: string;
  readonly body?: string;
  /** Null for none. Default: one that is let in. */
  readonly key?: string | null;
  /** What Content-Length says, if that is not true. */
  readonly length?: number;
}

function call({ url, keys }: Stack, { path, method = 'POST', body = '', key = keys.acme, length }: Call) {
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

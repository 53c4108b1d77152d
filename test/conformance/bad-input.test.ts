import { startStack, type Stack } from '../stack/start-stack.js';
import { call, expectError } from './wire/refusals.js';

interface Endpoint {
  readonly path: string;
  /** Where the body names no model, or the path does. */
  readonly modelless?: boolean;
  /** Takes a form; what stands here for JSON is refused as being of the wrong kind. */
  readonly form?: boolean;
  /** A body whose first fault is a wrong type. */
  readonly wrongType: object;
  /** A body whose only fault is that nobody has its model. Absent where the body names none. */
  readonly noSuch?: object;
}

const MESSAGES = [{ role: 'user', content: 'x' }];
const CHAT = { model: 'nope', messages: MESSAGES };
const GENERATE = { contents: [{ parts: [{ text: 5 }] }] };
const CONTENTS = { contents: [{ parts: [{ text: 'x' }] }] };

/** Every endpoint that takes a body. */
const ENDPOINTS: readonly Endpoint[] = [
  { path: '/v1/chat/completions', wrongType: { model: 'small', messages: 'x' }, noSuch: CHAT },
  {
    path: '/v1/completions',
    wrongType: { model: 'small', prompt: { a: 1 } },
    noSuch: { model: 'nope', prompt: 'x' },
  },
  {
    path: '/v1/embeddings',
    wrongType: { model: 'embedding', input: { a: 1 } },
    noSuch: { model: 'nope', input: 'x' },
  },
  {
    path: '/v1/responses',
    wrongType: { model: 'small', input: 5 },
    noSuch: { model: 'nope', input: 'x' },
  },
  {
    path: '/v1/moderations',
    modelless: true,
    wrongType: { model: 5, input: 'x' },
    noSuch: { model: 'nope', input: 'x' },
  },
  {
    path: '/v1/images/generations',
    wrongType: { model: 5, prompt: 'x' },
    noSuch: { model: 'nope', prompt: 'x' },
  },
  {
    path: '/v1/audio/speech',
    wrongType: { model: 5, input: 'x', voice: 'alloy' },
    noSuch: { model: 'nope', input: 'x', voice: 'alloy' },
  },
  { path: '/v1/audio/transcriptions', form: true, wrongType: {} },
  { path: '/v1/audio/translations', form: true, wrongType: {} },
  { path: '/v1/files', form: true, wrongType: {} },
  { path: '/v1/batches', modelless: true, wrongType: { input_file_id: 5 } },
  { path: '/v1/jobs', wrongType: { model: 'small', messages: 'x' }, noSuch: CHAT },
  { path: '/api/v1/chat/completions', wrongType: { model: 'small', messages: 'x' }, noSuch: CHAT },
  {
    path: '/v1/messages',
    wrongType: { model: 'small', max_tokens: 'x', messages: MESSAGES },
    noSuch: { ...CHAT, max_tokens: 1 },
  },
  { path: '/v1/messages/count_tokens', wrongType: { model: 'small', messages: 'x' }, noSuch: CHAT },
  { path: '/v1/messages/batches', modelless: true, wrongType: { requests: 'x' } },
  { path: '/v1beta/models/small:generateContent', modelless: true, wrongType: GENERATE },
  { path: '/v1beta/models/small:streamGenerateContent?alt=sse', modelless: true, wrongType: GENERATE },
  { path: '/v1beta/models/small:countTokens', modelless: true, wrongType: GENERATE },
  { path: '/v1/models/small:generateContent', modelless: true, wrongType: GENERATE },
];

/** What is wrong with a request gets the same code everywhere, and the error's shape of the API that was called. */
describe.each(ENDPOINTS)('bad input at $path', ({ path, modelless, form, wrongType, noSuch }) => {
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

  const nobody = path.includes(':') ? CONTENTS : noSuch;
  if (nobody) {
    it('a model that nobody has, whole and streamed', async () => {
      const at = path.replace('/small:', '/nope:');
      for (const more of [{}, path.includes(':') ? {} : { stream: true }]) {
        const answer = await ask({ path: at, body: JSON.stringify({ ...nobody, ...more }) });
        expectError(answer, 404, 'model_not_found');
      }
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

import { startStack, type Stack } from '../stack/start-stack.js';
import { call, expectError } from './wire/refusals.js';

interface Endpoint {
  readonly path: string;
  /** What it says where nothing is under the name in its path. Absent where it has no name in it. */
  readonly missing?: string;
}

/** Every endpoint that only reads. */
const ENDPOINTS: readonly Endpoint[] = [
  { path: '/v1/models' },
  { path: '/v1/models/nope', missing: 'model_not_found' },
  { path: '/v1/models/nope/endpoints', missing: 'model_not_found' },
  { path: '/api/v1/models/nope', missing: 'model_not_found' },
  { path: '/v1/files/file-none', missing: 'file_not_found' },
  { path: '/v1/files/file-none/content', missing: 'file_not_found' },
  { path: '/v1/batches/batch_none', missing: 'batch_not_found' },
  { path: '/v1/responses/resp_none', missing: 'job_not_found' },
  { path: '/v1/responses/resp_none/input_items', missing: 'job_not_found' },
  { path: '/v1/jobs/job_none', missing: 'job_not_found' },
  { path: '/v1/jobs/job_none/result', missing: 'job_not_found' },
  { path: '/v1/jobs/job_none/explain', missing: 'job_not_found' },
  { path: '/v1/dead_letters' },
  { path: '/v1/dead_letters/job_none', missing: 'dead_letter_not_found' },
  { path: '/v1/usage' },
  { path: '/v1/generation?id=gen-none', missing: 'job_not_found' },
  { path: '/v1/key' },
  { path: '/v1/credits' },
  { path: '/v1/messages/batches/msgbatch_none', missing: 'batch_not_found' },
  { path: '/v1/messages/batches/msgbatch_none/results', missing: 'batch_not_found' },
  { path: '/v1beta/models' },
  { path: '/v1beta/models/nope', missing: 'model_not_found' },
];

describe.each(ENDPOINTS)('bad reading at $path', ({ path, missing }) => {
  it('no key, and one that nobody knows', async () => {
    expectError(await call(stack, { path, method: 'GET', key: null }), 401, 'missing_api_key');
    expectError(await call(stack, { path, method: 'GET', key: 'sk-nobody' }), 401, 'invalid_api_key');
  });

  it('a method that it does not take', async () => {
    const answer = await call(stack, { path, method: 'PATCH' });
    expectError(answer, 405, 'method_not_allowed');
    expect(answer.responseHeaders['allow']).toContain('GET');
  });

  if (missing !== undefined) {
    it('a name under which there is nothing', async () => {
      expectError(await call(stack, { path, method: 'GET' }), 404, missing);
    });
  }
});

let stack: Stack;
beforeAll(async () => (stack = await startStack()));
afterAll(() => stack.close());

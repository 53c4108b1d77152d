import { postToStack } from '../stack/post-to-stack.js';
import { startStack, type Stack } from '../stack/start-stack.js';

/** A job is admitted with a version of a preset that the workers' configuration has no more when it is its turn. */
describe('a job whose preset is gone', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      rules: {
        presets: { support: { latest: '1', versions: { '1': { model: 'small', system: 'Be kind.' } } } },
      },
      workerRules: {},
    });
  });
  afterAll(() => stack.close());

  const body = { model: '@preset/support', messages: [{ role: 'user', content: 'Hi' }] };

  it.each(['/v1/chat/completions', '/v1/messages'])(
    'is refused by name at %s, without a call',
    async (path) => {
      const answer = await postToStack(stack, { path, body: { ...body, max_tokens: 8 } });
      expect(answer.status).toBe(404);
      const { error } = (await answer.json()) as { error: { message: string } };
      expect(error.message).toMatch(/preset/);
      expect(answer.headers.get('x-penstock-preset')).toBe('support@1');
      expect(stack.simulator.simulation.ledger.read({}, 0, 10).entries).toEqual([]);
    },
  );

  it('says so in its outcome and its history', async () => {
    const headers = { 'x-penstock-class': 'interactive' };
    const submitted = await postToStack(stack, { path: '/v1/jobs?wait=30s', body, headers });
    const view = (await submitted.json()) as { id: string };
    expect(view).toMatchObject({
      state: 'dead_lettered',
      preset: 'support@1',
      error: { code: 'preset_not_found' },
    });
    const authorization = `Bearer ${stack.keys.acme}`;
    const ask = async (path: string) =>
      fetch(`${stack.url}/v1/jobs/${view.id}/${path}`, { headers: { authorization } });
    const result = await ask('result');
    expect([result.status, await result.json()]).toMatchObject([
      404,
      { error: { code: 'preset_not_found' } },
    ]);
    expect(await (await ask('explain')).text()).toContain('"preset_missing"');
  });
});

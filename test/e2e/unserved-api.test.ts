import type { Msg } from 'nats';
import { postToStack } from '../stack/post-to-stack.js';
import { startStack, type Stack } from '../stack/start-stack.js';

/** A provider says of a chat model, asked for embeddings, that there is no such model. */
describe('a caller who asks a model for what it does not do', () => {
  let stack: Stack;
  const breakers: string[] = [];
  beforeAll(async () => {
    stack = await startStack();
    stack.connection.nc.subscribe('$KV.health.>', {
      callback: (_, message: Msg) => void breakers.push(message.string()),
    });
    await stack.connection.nc.flush();
  });
  afterAll(() => stack.close());

  const chat = () =>
    postToStack(stack, { body: { model: 'small', messages: [{ role: 'user', content: 'Say something.' }] } });

  it('does not close it to those who ask for what it does', async () => {
    expect((await chat()).status).toBe(200);
    for (let i = 0; i < 15; i++) {
      const body = { model: 'small', input: 'Something.' };
      const refused = await fetch(`${stack.url}/v1/embeddings`, {
        method: 'POST',
        headers: { authorization: `Bearer ${stack.keys.acme}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(refused.status).toBe(502);
      expect(await refused.json()).toMatchObject({ error: { code: 'provider_error' } });
    }
    expect((await chat()).status).toBe(200);
    expect(breakers).toEqual([]);
  });
});

import Anthropic from '@anthropic-ai/sdk';
import { startStack, type Stack } from '../stack/start-stack.js';

/** Anthropic's own client, unmodified but for its base URL and key, against the whole stack and an OpenAI provider. */
describe('the anthropic client', () => {
  let stack: Stack;
  let client: Anthropic;
  beforeAll(async () => {
    stack = await startStack();
    client = new Anthropic({ baseURL: stack.url, apiKey: stack.keys.acme, maxRetries: 0 });
  });
  afterAll(() => stack.close());

  const asking = (content: string) => ({
    model: 'small',
    max_tokens: 64,
    messages: [{ role: 'user' as const, content }],
  });

  it('gets a message, and the same one streamed', async () => {
    const whole = await client.messages.create(asking('[[say: the river is high]]'));
    expect(whole).toMatchObject({
      id: expect.stringMatching(/^msg_/),
      type: 'message',
      role: 'assistant',
      model: 'small',
      content: [{ type: 'text', text: 'the river is high' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 7, output_tokens: 5 },
    });
    const streamed = await client.messages.stream(asking('[[say: the river is high]]')).finalMessage();
    expect(streamed).toMatchObject({ content: whole.content, stop_reason: 'end_turn' });
    expect(streamed.usage.output_tokens).toBe(5);
  });

  it('goes on after a tool was used', async () => {
    const tools: Anthropic.Tool[] = [{ name: 'get_time', input_schema: { type: 'object', properties: {} } }];
    const request = { ...asking('[[call: get_time]]'), tools };
    const first = await client.messages.create(request);
    const [call] = first.content;
    if (call?.type !== 'tool_use') throw new Error('no tool was called');
    const second = await client.messages.create({
      ...request,
      messages: [
        ...request.messages,
        { role: 'assistant', content: first.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'noon' }] },
      ],
    });
    expect(second).toMatchObject({ stop_reason: 'end_turn', content: [{ type: 'text' }] });
  });

  it('counts tokens and lists models', async () => {
    const { model, messages } = asking('eight ch');
    expect((await client.messages.countTokens({ model, messages })).input_tokens).toBeGreaterThan(2);
    const ids: string[] = [];
    for await (const { id, type } of client.models.list()) {
      expect(type).toBe('model');
      ids.push(id);
    }
    expect(ids).toEqual(['small', 'flaky', 'embedding']);
    expect((await client.models.retrieve('small')).id).toBe('small');
  });

  it('takes a bearer token as well as a key', async () => {
    const bearer = new Anthropic({
      baseURL: stack.url,
      apiKey: null,
      authToken: stack.keys.acme,
      maxRetries: 0,
    });
    expect((await bearer.messages.create(asking('x'))).type).toBe('message');
  });

  it('throws its own error classes, with the body in its own shape', async () => {
    const nobody = new Anthropic({ baseURL: stack.url, apiKey: 'sk-nobody', maxRetries: 0 });
    await expect(nobody.messages.create(asking('x'))).rejects.toMatchObject({
      status: 401,
      type: 'authentication_error',
    });
    await expect(nobody.messages.create(asking('x'))).rejects.toThrow(Anthropic.AuthenticationError);
    await expect(nobody.models.list()).rejects.toThrow(Anthropic.AuthenticationError);
    await expect(client.messages.create({ ...asking('x'), model: 'nope' })).rejects.toThrow(
      Anthropic.NotFoundError,
    );
    await expect(client.messages.countTokens({ model: 'nope', messages: [] })).rejects.toThrow(
      Anthropic.APIError,
    );
    const faulted = client.messages.create(asking('[[fault: 400]]'));
    await expect(faulted).rejects.toThrow(Anthropic.BadRequestError);
    await expect(faulted).rejects.toMatchObject({ type: 'invalid_request_error' });
  });
});

import Anthropic from '@anthropic-ai/sdk';

import { runSimulator, type RunningSimulator } from './running-simulator.js';

let simulator: RunningSimulator;
let client: Anthropic;

beforeAll(async () => {
  simulator = await runSimulator({ apiKey: 'sk-simulated' });
  client = new Anthropic({ apiKey: 'sk-simulated', baseURL: simulator.url, maxRetries: 0 });
});
afterAll(() => simulator.close());

const WEATHER: Anthropic.Tool = {
  name: 'get_weather',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const CLOCK: Anthropic.Tool = { name: 'get_time', input_schema: { type: 'object' } };

function asking(
  content: Anthropic.MessageParam['content'],
  more: Partial<Anthropic.MessageCreateParamsNonStreaming> = {},
) {
  return { model: 'sim-small', max_tokens: 200, messages: [{ role: 'user' as const, content }], ...more };
}

describe('the official Anthropic client', () => {
  it('gets a message, and the same one streamed', async () => {
    const request = asking('[[say: the river is high]]', { system: 'be brief' });
    const whole = await client.messages.create(request);
    expect(whole).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: 'sim-small',
      content: [{ type: 'text', text: 'the river is high' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 7 + 2, output_tokens: 5, cache_read_input_tokens: 0 },
    });
    const streamed = await client.messages.stream(request).finalMessage();
    expect(streamed).toEqual({ ...whole, id: expect.any(String), usage: whole.usage, parsed_output: null });
  });

  it('is told why a message ended', async () => {
    const cut = await client.messages.create(asking('x', { max_tokens: 3 }));
    expect(cut).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 3 } });
    const stopped = await client.messages.create(
      asking('[[say: one two three]]', { stop_sequences: [' three', ' two'] }),
    );
    expect(stopped).toMatchObject({
      stop_reason: 'stop_sequence',
      stop_sequence: ' two',
      content: [{ text: 'one' }],
    });
    expect(await client.messages.create(asking('[[refuse]]'))).toMatchObject({ stop_reason: 'refusal' });
  });

  it('gets tool calls, several in parallel, streamed too, and a text once they are answered', async () => {
    const tools = [WEATHER, CLOCK];
    const request = asking('[[call: get_weather {"city":"Ghent"}]] [[call: get_time]]', { tools });
    const whole = await client.messages.create(request);
    expect(whole).toMatchObject({
      stop_reason: 'tool_use',
      content: [
        {
          type: 'tool_use',
          id: expect.stringMatching(/^toolu_/),
          name: 'get_weather',
          input: { city: 'Ghent' },
        },
        { type: 'tool_use', name: 'get_time', input: {} },
      ],
    });
    const streamed = await client.messages.stream(request).finalMessage();
    expect(streamed.content.map((block) => block.type === 'tool_use' && block.input)).toEqual([
      { city: 'Ghent' },
      {},
    ]);
    expect(streamed.usage.output_tokens).toBe(whole.usage.output_tokens);

    const results = whole.content.map((block) => ({
      type: 'tool_result' as const,
      tool_use_id: block.type === 'tool_use' ? block.id : '',
      content: 'fine',
    }));
    const turns = [...request.messages, { role: 'assistant' as const, content: whole.content }];
    const messages = [...turns, { role: 'user' as const, content: results }];
    expect(await client.messages.create({ ...request, messages })).toMatchObject({ stop_reason: 'end_turn' });

    const one = { type: 'auto' as const, disable_parallel_tool_use: true };
    expect((await client.messages.create({ ...request, tool_choice: one })).content).toHaveLength(1);
    const forced = { type: 'tool' as const, name: 'get_time' };
    expect(await client.messages.create(asking('x', { tools, tool_choice: forced }))).toMatchObject({
      content: [{ name: 'get_time' }],
    });
  });

  it('gets thoughts with their signature, whole and streamed', async () => {
    const request = asking('[[reason: 20]]', {
      max_tokens: 2000,
      thinking: { type: 'enabled', budget_tokens: 1024 },
    });
    const whole = await client.messages.create(request);
    const shape = [
      { type: 'thinking', thinking: expect.any(String), signature: expect.any(String) },
      { type: 'text' },
    ];
    expect(whole).toMatchObject({ content: shape, usage: { output_tokens: 36 } });
    expect(await client.messages.stream(request).finalMessage()).toMatchObject({ content: shape });
  });

  it('gets an object that fits its schema', async () => {
    const schema = { type: 'object', properties: { level: { type: 'integer' } }, required: ['level'] };
    const message = await client.messages.create(
      asking('x', { output_config: { format: { type: 'json_schema', schema } } }),
    );
    const [block] = message.content;
    expect(JSON.parse(block?.type === 'text' ? block.text : '')).toEqual({ level: expect.any(Number) });
  });

  it('is charged for images, and for what goes through the cache apart from the rest', async () => {
    const image: Anthropic.ImageBlockParam = {
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' },
    };
    const text = '[[cached: 20]] [[written: 30]]';
    const { usage } = await client.messages.create(asking([image, { type: 'text', text }]));
    expect(usage).toMatchObject({
      input_tokens: 85 + 8 - 50,
      cache_read_input_tokens: 20,
      cache_creation_input_tokens: 30,
    });
    const counted = await client.messages.countTokens({
      model: 'sim-small',
      messages: [{ role: 'user', content: [image] }],
    });
    expect(counted).toEqual({ input_tokens: 85 });
  });

  it('lists the models', async () => {
    const ids: string[] = [];
    for await (const { id } of client.models.list()) ids.push(id);
    expect(ids).toContain('sim-small');
  });

  it('meets its own error classes', async () => {
    const fault = (order: string) =>
      client.messages.create(asking('x'), { headers: { 'x-simulator-fault': order } });
    await expect(client.messages.create(asking('x', { model: 'none' }))).rejects.toThrow(
      Anthropic.NotFoundError,
    );
    await expect(
      client.messages.create({ ...asking('x'), max_tokens: undefined as never }),
    ).rejects.toMatchObject({
      status: 400,
      error: {
        type: 'error',
        error: { type: 'invalid_request_error', message: expect.stringContaining('max_tokens') },
      },
    });
    await expect(fault('429; retry-after-ms=3000')).rejects.toThrow(Anthropic.RateLimitError);
    await expect(fault('529')).rejects.toMatchObject({
      status: 529,
      error: { error: { type: 'overloaded_error' } },
    });
    const stranger = new Anthropic({ apiKey: 'sk-other', baseURL: simulator.url, maxRetries: 0 });
    await expect(stranger.messages.create(asking('x'))).rejects.toThrow(Anthropic.AuthenticationError);
  });

  it('is told of an error in the middle of a stream, and of a stream that breaks off', async () => {
    const stream = (order: string) =>
      client.messages.stream(asking('x'), { headers: { 'x-simulator-fault': order } });
    await expect(stream('error-event; after=4').finalMessage()).rejects.toThrow(/api_error/);
    await expect(stream('cut; after=4').finalMessage()).rejects.toThrow();
    await expect(stream('truncate; after=4').finalMessage()).rejects.toThrow();
  });

  it("is told its limits in Anthropic's own headers", async () => {
    await simulator.change('sim-large', { limits: { requestsPerMinute: 9 } });
    const { response } = await client.messages.create(asking('x', { model: 'sim-large' })).withResponse();
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'request-id': expect.stringMatching(/^req_/),
      'anthropic-ratelimit-requests-limit': '9',
      'anthropic-ratelimit-requests-remaining': '8',
      'anthropic-ratelimit-requests-reset': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
  });

  it('is in the ledger like any other', async () => {
    await client.messages.create(asking('[[tokens: 4]]'), { headers: { 'x-request-id': 'att_anthropic' } });
    expect(await simulator.ledger('?attempt=att_anthropic')).toMatchObject([
      { api: 'anthropic.messages', outcome: 'completed', inputTokens: 4, outputTokens: 4 },
    ]);
  });
});

import OpenAI from 'openai';

import { runSimulator, type RunningSimulator } from './running-simulator.js';

let simulator: RunningSimulator;
let client: OpenAI;

beforeAll(async () => {
  simulator = await runSimulator();
  client = new OpenAI({ apiKey: 'any', baseURL: `${simulator.url}/v1`, maxRetries: 0 });
});
afterAll(() => simulator.close());

const WEATHER: OpenAI.Responses.FunctionTool = {
  type: 'function',
  name: 'get_weather',
  strict: true,
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const CLOCK: OpenAI.Responses.FunctionTool = {
  type: 'function',
  name: 'get_time',
  strict: false,
  parameters: {},
};

describe('the official openai client on Responses', () => {
  it('gets a response', async () => {
    const response = await client.responses.create({
      model: 'sim-small',
      instructions: 'be brief',
      input: '[[say: the river]] [[cached: 2]]',
      metadata: { team: 'water' },
    });
    expect(response).toMatchObject({
      id: expect.stringMatching(/^resp_/),
      status: 'completed',
      output_text: 'the river',
      metadata: { team: 'water' },
      usage: {
        input_tokens: 10,
        output_tokens: 3,
        total_tokens: 13,
        input_tokens_details: { cached_tokens: 2 },
      },
    });
  });

  it('gets the same response as typed events, numbered without a gap', async () => {
    const request = {
      model: 'sim-small',
      input: '[[say: the river]] [[reason: 3]]',
      reasoning: { effort: 'low' as const },
    };
    const whole = await client.responses.create(request);
    expect(whole.output.map(({ type }) => type)).toEqual(['reasoning', 'message']);
    const types = new Set<string>();
    const numbers: number[] = [];
    let text = '';
    let ended: OpenAI.Responses.Response | undefined;
    for await (const event of await client.responses.create({ ...request, stream: true })) {
      types.add(event.type);
      numbers.push(event.sequence_number);
      if (event.type === 'response.output_text.delta') text += event.delta;
      if (event.type === 'response.completed') ended = event.response;
    }
    expect([...types]).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.reasoning_summary_part.added',
      'response.reasoning_summary_text.delta',
      'response.reasoning_summary_text.done',
      'response.reasoning_summary_part.done',
      'response.output_item.done',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.completed',
    ]);
    expect(numbers).toEqual(numbers.map((_, i) => i));
    expect(text).toBe('the river');
    expect(ended?.usage).toEqual(whole.usage);
    expect(ended?.usage).toMatchObject({ output_tokens: 6, output_tokens_details: { reasoning_tokens: 3 } });
  });

  it("is put together by the client's own accumulator, tool calls in parallel included", async () => {
    const request = {
      model: 'sim-small',
      input: '[[call: get_weather {"city":"Ghent"}]] [[call: get_time]]',
      tools: [WEATHER, CLOCK],
    };
    const whole = await client.responses.create(request);
    expect(whole.output).toMatchObject([
      { type: 'function_call', name: 'get_weather', arguments: '{"city":"Ghent"}', status: 'completed' },
      { type: 'function_call', name: 'get_time', arguments: '{}' },
    ]);
    const streamed = await client.responses.stream(request).finalResponse();
    expect(streamed.output).toMatchObject(whole.output.map(({ type }) => ({ type })));
    expect(streamed.usage).toEqual(whole.usage);

    const answers = whole.output.map((item) => ({
      type: 'function_call_output' as const,
      call_id: item.type === 'function_call' ? item.call_id : '',
      output: 'fine',
    }));
    const input = [{ role: 'user' as const, content: request.input }, ...whole.output, ...answers];
    const last = await client.responses.create({
      ...request,
      input: input as OpenAI.Responses.ResponseInput,
    });
    expect(last.output.map(({ type }) => type)).toEqual(['message']);
  });

  it('is cut at its bound, refuses, and fits a schema', async () => {
    const cut = await client.responses.create({ model: 'sim-small', input: 'x', max_output_tokens: 5 });
    expect(cut).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    const refused = await client.responses.create({ model: 'sim-small', input: '[[refuse]]' });
    expect(refused.output).toMatchObject([{ content: [{ type: 'refusal', refusal: expect.any(String) }] }]);
    const schema = { type: 'object', properties: { level: { type: 'integer' } }, required: ['level'] };
    const fitted = await client.responses.create({
      model: 'sim-small',
      input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'data:,', detail: 'auto' }] }],
      text: { format: { type: 'json_schema', name: 'level', schema } },
    });
    expect(JSON.parse(fitted.output_text)).toEqual({ level: expect.any(Number) });
    expect(fitted.usage?.input_tokens).toBe(85);
  });

  it('meets its own errors, before the stream and within it', async () => {
    const ask = (more: object, headers = {}) =>
      client.responses.create({ model: 'sim-small', input: 'x', ...more } as never, { headers });
    await expect(ask({ input: undefined })).rejects.toMatchObject({ status: 400, param: 'input' });
    await expect(ask({ model: 'none' })).rejects.toThrow(OpenAI.NotFoundError);
    await expect(ask({}, { 'x-simulator-fault': '429' })).rejects.toThrow(OpenAI.RateLimitError);
    const stream = await client.responses.create(
      { model: 'sim-small', input: 'x', stream: true },
      { headers: { 'x-simulator-fault': 'error-event; after=5' } },
    );
    const reading = async () => {
      const types: string[] = [];
      for await (const event of stream) types.push(event.type);
      return types;
    };
    const ended = await reading().catch((error: unknown) => error);
    if (Array.isArray(ended)) expect(ended.at(-1)).toBe('error');
    else expect(ended).toBeInstanceOf(OpenAI.APIError);
  });
});

import OpenAI from 'openai';

import { runSimulator, type RunningSimulator } from './running-simulator.js';

const KEY = 'sk-simulated';

let simulator: RunningSimulator;
let client: OpenAI;

beforeAll(async () => {
  simulator = await runSimulator({ apiKey: KEY });
  client = new OpenAI({ apiKey: KEY, baseURL: `${simulator.url}/v1`, maxRetries: 0 });
});
afterAll(() => simulator.close());

const user = (content: string) => [{ role: 'user' as const, content }];
const WEATHER = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    strict: true,
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, unit: { enum: ['C', 'F'] } },
      required: ['city', 'unit'],
      additionalProperties: false,
    },
  },
};
const CLOCK = { type: 'function' as const, function: { name: 'get_time', parameters: {} } };

describe('the official openai client', () => {
  it('gets a chat completion with its usage', async () => {
    const answer = await client.chat.completions.create({ model: 'sim-small', messages: user('hello') });
    expect(answer).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-[0-9a-f]{16}$/),
      object: 'chat.completion',
      model: 'sim-small',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', refusal: null } }],
      usage: { prompt_tokens: 2, completion_tokens: 16, total_tokens: 18 },
    });
    expect(answer.choices[0]?.message.content).toHaveLength(64);
  });

  it('gets a stream that says the same as the whole answer would, and its usage when asked', async () => {
    const request = { model: 'sim-large', messages: user('go on'), seed: 5, n: 2 };
    const whole = await client.chat.completions.create(request);
    const stream = await client.chat.completions.create({
      ...request,
      stream: true,
      stream_options: { include_usage: true },
    });
    const texts = ['', ''];
    let usage;
    for await (const chunk of stream) {
      for (const { index, delta } of chunk.choices) texts[index] += delta.content ?? '';
      usage = chunk.usage ?? usage;
    }
    expect(texts).toEqual(whole.choices.map(({ message }) => message.content));
    expect(usage).toEqual(whole.usage);
  });

  it('gets no usage in a stream that did not ask', async () => {
    const stream = await client.chat.completions.create({
      model: 'sim-small',
      messages: user('x'),
      stream: true,
    });
    for await (const chunk of stream) expect(chunk.usage).toBeUndefined();
  });

  it('is cut at its bound and at its stop sequence', async () => {
    const cut = await client.chat.completions.create({
      model: 'sim-small',
      messages: user('x'),
      max_tokens: 3,
    });
    expect(cut).toMatchObject({ choices: [{ finish_reason: 'length' }], usage: { completion_tokens: 3 } });
    const stopped = await client.chat.completions.create({
      model: 'sim-small',
      messages: user('[[say: one. two. three.]]'),
      stop: ['. three'],
    });
    expect(stopped.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'one. two' } });
  });

  it('gets tool calls, several in parallel, the same streamed, and a text once they are answered', async () => {
    const request = { model: 'sim-small', tools: [WEATHER, CLOCK], seed: 1 };
    const messages = user('[[call: get_weather, get_time]]');
    const whole = await client.chat.completions.create({ ...request, messages });
    const calls = whole.choices[0]?.message.tool_calls ?? [];
    expect(whole.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
    expect(calls.map((call) => call.type === 'function' && call.function.name)).toEqual([
      'get_weather',
      'get_time',
    ]);

    const stream = client.chat.completions.stream({ ...request, messages });
    const streamed = (await stream.finalChatCompletion()).choices[0]?.message.tool_calls ?? [];
    const inputs = (list: typeof calls) =>
      list.map((call) => call.type === 'function' && call.function.arguments);
    expect(inputs(streamed)).toEqual(inputs(calls));

    const answers = calls.map((call) => ({ role: 'tool' as const, tool_call_id: call.id, content: '12 C' }));
    const last = await client.chat.completions.create({
      ...request,
      messages: [...messages, { role: 'assistant', tool_calls: calls }, ...answers],
    });
    expect(last.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: expect.any(String) },
    });
  });

  it('gets an object that fits its schema', async () => {
    const answer = await client.chat.completions.create({
      model: 'sim-small',
      messages: user('x'),
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'w', strict: true, schema: WEATHER.function.parameters },
      },
    });
    const value = JSON.parse(answer.choices[0]?.message.content ?? '') as object;
    expect(value).toEqual({ city: expect.any(String), unit: expect.stringMatching(/^[CF]$/) });
  });

  it('gets log probabilities, a refusal, reasoning and cached tokens where it orders them', async () => {
    const answer = await client.chat.completions.create({
      model: 'sim-small',
      messages: user('[[say: eight ch]] [[reason: 5]] [[cached: 3]]'),
      logprobs: true,
      top_logprobs: 2,
    });
    expect(answer.choices[0]?.logprobs?.content?.map(({ token }) => token)).toEqual(['eigh', 't ch']);
    expect(answer.usage).toMatchObject({
      completion_tokens: 7,
      completion_tokens_details: { reasoning_tokens: 5 },
      prompt_tokens_details: { cached_tokens: 3 },
    });
    const refused = await client.chat.completions.create({
      model: 'sim-small',
      messages: user('[[refuse]]'),
    });
    expect(refused.choices[0]?.message).toMatchObject({ content: null, refusal: expect.any(String) });
  });

  it('gets embeddings that lie near for texts that are near', async () => {
    const { data, usage } = await client.embeddings.create({
      model: 'sim-embedding',
      input: ['the river is high', 'the river is low', 'a completely other matter'],
      dimensions: 128,
    });
    const [one, near, far] = data.map(({ embedding }) => embedding);
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
    expect(dot(one!, one!)).toBeCloseTo(1, 5);
    expect(dot(one!, near!)).toBeGreaterThan(dot(one!, far!));
    expect(usage).toEqual({ prompt_tokens: 5 + 4 + 7, total_tokens: 16 });
  });

  it('gets text completions, one for each prompt, whole and streamed', async () => {
    const request = { model: 'sim-small', prompt: ['[[say: one]]', 'x'], seed: 2, max_tokens: 8, echo: true };
    const whole = await client.completions.create(request);
    expect(whole.choices.map(({ text, finish_reason }) => [text.length, finish_reason])).toEqual([
      ['[[say: one]]'.length + 3, 'stop'],
      [33, 'length'],
    ]);
    const texts = ['', ''];
    for await (const chunk of await client.completions.create({ ...request, stream: true })) {
      for (const { index, text } of chunk.choices) texts[index] += text;
    }
    expect(texts).toEqual(whole.choices.map(({ text }) => text));
  });

  it('lists the models and retrieves one', async () => {
    const ids: string[] = [];
    for await (const { id } of client.models.list()) ids.push(id);
    expect(ids).toEqual([
      'sim-small',
      'sim-large',
      'sim-flaky',
      'sim-embedding',
      'sim-moderation',
      'sim-image',
      'sim-speech',
      'sim-transcription',
    ]);
    expect((await client.models.retrieve('sim-large')).id).toBe('sim-large');
  });

  it('meets its own error classes', async () => {
    const ask = (more: object, headers = {}) =>
      client.chat.completions.create({ model: 'sim-small', messages: user('x'), ...more } as never, {
        headers,
      });
    await expect(ask({ model: 'none' })).rejects.toThrow(OpenAI.NotFoundError);
    await expect(ask({ temperature: 3 })).rejects.toMatchObject({ status: 400, param: 'temperature' });
    await expect(ask({ messages: [{ role: 'user', content: 4 }] })).rejects.toMatchObject({
      param: 'messages[0].content',
    });
    await expect(ask({ stream_options: {} })).rejects.toMatchObject({ param: 'stream_options' });
    await expect(ask({ max_tokens: 5 }, { 'x-simulator-fault': 'fire' })).rejects.toThrow(
      OpenAI.BadRequestError,
    );
    await expect(ask({}, { 'x-simulator-fault': '429' })).rejects.toThrow(OpenAI.RateLimitError);
    await expect(ask({}, { 'x-simulator-fault': '503' })).rejects.toThrow(OpenAI.InternalServerError);
    await expect(ask({}, { 'x-simulator-fault': 'reset' })).rejects.toThrow(OpenAI.APIConnectionError);
    const stranger = new OpenAI({ apiKey: 'sk-other', baseURL: `${simulator.url}/v1`, maxRetries: 0 });
    await expect(stranger.models.list()).rejects.toThrow(OpenAI.AuthenticationError);
    await expect(
      stranger.chat.completions.create({ model: 'sim-small', messages: user('x') }),
    ).rejects.toMatchObject({
      status: 401,
      code: 'invalid_api_key',
    });
  });

  it('refuses what does not fit into the context', async () => {
    await simulator.change('sim-large', { contextTokens: 50 });
    const asked = client.chat.completions.create({ model: 'sim-large', messages: user('x'.repeat(400)) });
    await expect(asked).rejects.toMatchObject({ status: 400, code: 'context_length_exceeded' });
  });
});

import { eventually } from '@penstock/testing';
import OpenAI from 'openai';
import { zodFunction, zodResponseFormat } from 'openai/helpers/zod';
import { fetch } from 'undici';
import { z } from 'zod';
import { PNG } from './clients/client.js';
import { startRecordedStack, thrownBy, type RecordedStack } from './wire/recorded-stack.js';

/** Chat completions, completions, embeddings and models by OpenAI's own client, unmodified but for its base URL and key. */
describe('the openai client, chat', () => {
  let recorded: RecordedStack;
  let client: OpenAI;
  beforeAll(async () => {
    recorded = await startRecordedStack();
    client = new OpenAI({ baseURL: `${recorded.url}/v1`, apiKey: recorded.key, maxRetries: 0 });
  });
  afterEach(() => void recorded.checked());
  afterAll(() => recorded.close());

  const asking = (content: string | OpenAI.ChatCompletionContentPart[], model = 'small') => ({
    model,
    messages: [{ role: 'user' as const, content }],
  });

  /** The same request whole, and as a stream that the client puts together. */
  const both = async (request: OpenAI.ChatCompletionCreateParamsNonStreaming) => [
    await client.chat.completions.create(request),
    await client.chat.completions
      .stream({ ...request, stream: true, stream_options: { include_usage: true } })
      .finalChatCompletion(),
  ];

  it('makes a sync call', async () => {
    const { data, response } = await client.chat.completions
      .create(asking('[[say: the river is high]]'))
      .withResponse();
    expect(data).toMatchObject({
      object: 'chat.completion',
      model: expect.any(String) as string,
      choices: [{ finish_reason: 'stop', message: { content: 'the river is high' } }],
      usage: { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 },
    });
    expect(response.headers.get('x-penstock-job')).toMatch(/^job_/);
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
  });

  it('streams, with usage only when it asks for it', async () => {
    const read = async (options?: { include_usage: boolean }) => {
      const stream = await client.chat.completions.create({
        ...asking('Name a river.'),
        stream: true,
        ...(options && { stream_options: options }),
      });
      const chunks: OpenAI.ChatCompletionChunk[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      return chunks;
    };
    const plain = await read();
    expect(plain.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBeTruthy();
    expect(plain.some(({ usage }) => usage)).toBe(false);
    const counted = await read({ include_usage: true });
    expect(counted.at(-1)?.usage?.completion_tokens).toBeGreaterThan(0);
  });

  it('runs tools until the model is done, several in one turn, whole and streamed', async () => {
    const order = '[[call: get_weather {"city":"Ghent"}]] [[call: get_time {"zone":"CET"}]]';
    const called: unknown[] = [];
    const tool = (name: string, parameters: z.ZodObject) =>
      zodFunction({
        name,
        parameters,
        function: (args: unknown) => {
          called.push([name, args]);
          return 'fine';
        },
      });
    const tools = [
      tool('get_weather', z.object({ city: z.string() })),
      tool('get_time', z.object({ zone: z.string() })),
    ];
    const expected = [
      ['get_weather', { city: 'Ghent' }],
      ['get_time', { zone: 'CET' }],
    ];
    const whole = client.chat.completions.runTools({ ...asking(order), tools });
    expect(await whole.finalContent()).toBeTruthy();
    expect(called).toEqual(expected);
    called.length = 0;
    const streamed = client.chat.completions.runTools({ ...asking(order), tools, stream: true });
    const names: string[] = [];
    streamed.on('functionToolCall', ({ name }) => names.push(name));
    expect(await streamed.finalContent()).toBeTruthy();
    expect(called).toEqual(expected);
    expect(names).toEqual(['get_weather', 'get_time']);
  });

  it('obeys tool_choice and parallel_tool_calls, whole and streamed', async () => {
    const tools = ['one', 'two'].map((name) => ({
      type: 'function' as const,
      function: { name, parameters: { type: 'object', properties: { n: { type: 'integer' } } } },
    }));
    const named = { type: 'function' as const, function: { name: 'two' } };
    for (const { choices } of await both({ ...asking('x'), tools, tool_choice: named })) {
      expect(choices[0]?.message.tool_calls).toMatchObject([{ function: { name: 'two' } }]);
    }
    const single = { ...asking('[[call: one, two]]'), tools, parallel_tool_calls: false };
    for (const { choices } of await both(single)) {
      expect(choices[0]?.message.tool_calls).toHaveLength(1);
      expect(choices[0]?.finish_reason).toBe('tool_calls');
    }
  });

  it('parses structured outputs, whole and streamed', async () => {
    const River = z.object({ name: z.string(), lengthKm: z.int(), states: z.array(z.string()) });
    const request = { ...asking('A river.'), response_format: zodResponseFormat(River, 'river') };
    const parsed = await client.chat.completions.parse(request);
    expect(River.safeParse(parsed.choices[0]?.message.parsed).success).toBe(true);
    const streamed = await client.chat.completions.stream(request).finalChatCompletion();
    expect(River.safeParse(streamed.choices[0]?.message.parsed).success).toBe(true);
  });

  it.each([
    ['an image', { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}`, detail: 'low' } }],
    [
      'a PDF',
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERg==' } },
    ],
    ['a sound', { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } }],
  ] as [string, OpenAI.ChatCompletionContentPart][])(
    'shows the model %s, whole and streamed',
    async (_, part) => {
      for (const { usage } of await both(asking([part, { type: 'text', text: 'eight ch' }]))) {
        // 85 for the attachment, 2 for the text: the provider has seen both.
        expect(usage?.prompt_tokens).toBe(87);
      }
    },
  );

  it('hands on reasoning, log probabilities, seeds and stop sequences, whole and streamed', async () => {
    for (const { usage } of await both({
      ...asking('[[reason: 20]] [[say: yes]]'),
      reasoning_effort: 'low',
    })) {
      expect(usage?.completion_tokens_details?.reasoning_tokens).toBe(20);
    }
    const probable = { ...asking('[[say: the river]]'), logprobs: true, top_logprobs: 2 };
    for (const { choices } of await both(probable)) {
      const [token] = choices[0]?.logprobs?.content ?? [];
      expect(token).toMatchObject({ logprob: expect.any(Number) as number });
      expect(token?.top_logprobs).toHaveLength(2);
    }
    const seeded = await both({ ...asking('Name a river.'), seed: 7 });
    expect(new Set(seeded.map(({ choices }) => choices[0]?.message.content)).size).toBe(1);
    for (const { choices } of await both({ ...asking('[[say: one END two]]'), stop: ['END'] })) {
      expect(choices[0]?.message.content?.trim()).toBe('one');
    }
    for (const cut of await both({ ...asking('[[tokens: 64]]'), max_completion_tokens: 4 })) {
      expect(cut).toMatchObject({ choices: [{ finish_reason: 'length' }], usage: { completion_tokens: 4 } });
    }
    for (const { choices } of await both({ ...asking('x'), n: 3 })) {
      expect(choices.map(({ index }) => index)).toEqual([0, 1, 2]);
    }
  });

  it('tells what the prompt cache gave, whole and streamed', async () => {
    for (const { usage } of await both(asking(`${'river '.repeat(100)}[[cached: 100]]`))) {
      expect(usage?.prompt_tokens_details?.cached_tokens).toBe(100);
    }
  });

  it.each([
    ['flex', 'batch'],
    ['priority', 'interactive'],
    ['auto', 'interactive'],
  ] as const)('takes the service tier %s for the class %s', async (service_tier, name) => {
    const bells = recorded.stack.connection.nc.subscribe(`bell.jobs.${name}.acme`, { max: 1 });
    await recorded.stack.connection.nc.flush();
    await client.chat.completions.create({ ...asking('x'), service_tier });
    const rung: string[] = [];
    for await (const { subject } of bells) rung.push(subject);
    expect(rung).toEqual([`bell.jobs.${name}.acme`]);
  });

  it('lets a header stand above the service tier', async () => {
    const bells = recorded.stack.connection.nc.subscribe('bell.jobs.standard.acme', { max: 1 });
    await recorded.stack.connection.nc.flush();
    const headers = { 'x-penstock-class': 'standard' };
    await client.chat.completions.create({ ...asking('x'), service_tier: 'flex' }, { headers });
    for await (const { subject } of bells) expect(subject).toContain('standard');
  });

  it('embeds, completes and lists models', async () => {
    const numbers = await client.embeddings.create({
      model: 'embedding',
      input: ['a river', 'a sea'],
      encoding_format: 'float',
    });
    const packed = await client.embeddings.create({ model: 'embedding', input: ['a river', 'a sea'] });
    expect(numbers.data).toHaveLength(2);
    expect(packed.data[1]?.embedding).toHaveLength(numbers.data[1]?.embedding.length ?? 0);
    const completion = await client.completions.create({ model: 'small', prompt: 'Once' });
    expect(completion.choices[0]?.text).toBeTruthy();
    let text = '';
    for await (const part of await client.completions.create({
      model: 'small',
      prompt: 'Once',
      stream: true,
    }))
      text += part.choices[0]?.text ?? '';
    expect(text).toBeTruthy();
    const models = await client.models.list();
    expect(models.data.map(({ id }) => id)).toContain('small');
    expect(await client.models.retrieve('small')).toMatchObject({ id: 'small', object: 'model' });
    // There is no such method here, and the client is told so in its own shape.
    const kept = await thrownBy(client.models.delete('small'));
    expect(kept).toBeInstanceOf(OpenAI.APIError);
    expect(kept).toMatchObject({ status: 405, code: 'method_not_allowed' });
  });

  it.each([
    [false, ''],
    [true, '-1'],
  ])('throws its own error classes, streamed: %s', async (stream, own) => {
    const create = (request: Omit<OpenAI.ChatCompletionCreateParams, 'stream'>, by = client) =>
      thrownBy(by.chat.completions.create({ ...request, stream } as OpenAI.ChatCompletionCreateParams));
    const wrongKey = new OpenAI({ baseURL: `${recorded.url}/v1`, apiKey: 'sk-nobody', maxRetries: 0 });
    const unauthorized = await create(asking('x'), wrongKey);
    expect(unauthorized).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(unauthorized).toMatchObject({ code: 'invalid_api_key', type: 'authentication_error' });
    expect(await thrownBy(wrongKey.models.list())).toBeInstanceOf(OpenAI.AuthenticationError);
    const missing = await create(asking('x', 'nope'));
    expect(missing).toBeInstanceOf(OpenAI.NotFoundError);
    expect(missing).toMatchObject({ code: 'model_not_found', param: 'model' });
    const empty = await create({ model: 'small', messages: [] });
    expect(empty).toBeInstanceOf(OpenAI.BadRequestError);
    expect(empty).toMatchObject({ status: 400, code: 'invalid_request', param: 'messages' });
    expect(await create(asking('[[fault: 400]]'))).toBeInstanceOf(OpenAI.BadRequestError);
    expect(await create(asking('[[fault: 422]]'))).toBeInstanceOf(OpenAI.UnprocessableEntityError);
    const limited = await create(asking('[[fault: 429; retry-after-ms=60000]]', `limited${own}`));
    expect(limited).toBeInstanceOf(OpenAI.RateLimitError);
    const { headers } = limited as InstanceType<typeof OpenAI.APIError>;
    expect(Number(headers?.get('retry-after'))).toBeGreaterThanOrEqual(60);
    expect(await create(asking('[[fault: 500]]', `broken${own}`))).toBeInstanceOf(OpenAI.InternalServerError);
  });

  it('throws where a stream breaks off, and never takes it for whole', async () => {
    const text = '[[say: the river is high and it is rising]] [[fault: cut; after=4]]';
    const stream = await client.chat.completions.create({ ...asking(text, 'cut'), stream: true });
    let said = '';
    const reading = (async () => {
      for await (const { choices } of stream) said += choices[0]?.delta.content ?? '';
    })();
    const broken = await thrownBy(reading);
    expect(broken).toBeInstanceOf(OpenAI.APIError);
    expect(broken).toMatchObject({ code: 'stream_interrupted' });
    expect('the river is high and it is rising').toContain(said);
    expect(said).not.toBe('');
  });

  it('gives up in time, and the provider is told', async () => {
    const hanging = asking('[[fault: hang]]');
    const late = new OpenAI({
      baseURL: `${recorded.url}/v1`,
      apiKey: recorded.key,
      maxRetries: 0,
      timeout: 300,
    });
    // Its subclass for timeouts goes by a class that is another one within the test runner.
    expect(await thrownBy(late.chat.completions.create(hanging))).toBeInstanceOf(OpenAI.APIConnectionError);
    const caller = new AbortController();
    const stream = await client.chat.completions.create(
      { ...asking('[[tokens: 400]] [[latency: 1 20]]'), stream: true },
      { signal: caller.signal },
    );
    for await (const _ of stream) caller.abort();
    const nobody = new OpenAI({ baseURL: 'http://127.0.0.1:9/v1', apiKey: 'x', maxRetries: 0 });
    expect(await thrownBy(nobody.models.list())).toBeInstanceOf(OpenAI.APIConnectionError);
    await eventually(async () => {
      const answer = await fetch(`${recorded.stack.simulator.url}/_simulator/ledger?limit=1000`);
      const { entries } = (await answer.json()) as { entries: { callerLeft: boolean; streamed: boolean }[] };
      const left = entries.filter(({ callerLeft }) => callerLeft);
      return left.some(({ streamed }) => streamed) && left.some(({ streamed }) => !streamed)
        ? left
        : undefined;
    });
  });
});

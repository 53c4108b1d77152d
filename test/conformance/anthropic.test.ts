import Anthropic from '@anthropic-ai/sdk';
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { z } from 'zod';
import { PNG } from './clients/client.js';
import { startRecordedStack, thrownBy, type RecordedStack } from './wire/recorded-stack.js';

/** Anthropic's own client, unmodified but for its base URL and key, against the whole stack and an OpenAI provider. */
describe('the anthropic client', () => {
  let recorded: RecordedStack;
  let client: Anthropic;
  beforeAll(async () => {
    recorded = await startRecordedStack();
    client = new Anthropic({ baseURL: recorded.url, apiKey: recorded.key, maxRetries: 0 });
  });
  afterEach(() => void recorded.checked());
  afterAll(() => recorded.close());

  const asking = (content: string | Anthropic.ContentBlockParam[], model = 'small') => ({
    model,
    max_tokens: 64,
    messages: [{ role: 'user' as const, content }],
  });

  /** The same request whole, and as a stream that the client puts together. */
  const both = async (request: Anthropic.MessageCreateParamsNonStreaming) => [
    await client.messages.create(request),
    await client.messages.stream(request).finalMessage(),
  ];

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

  it('runs tools until the model is done, several in one turn, whole and streamed', async () => {
    const called: unknown[] = [];
    const tools = ['get_weather', 'get_time'].map((name) =>
      betaZodTool({
        name,
        description: name,
        inputSchema: z.object({ city: z.string() }),
        run: (input) => {
          called.push([name, input]);
          return 'fine';
        },
      }),
    );
    const order = '[[call: get_weather {"city":"Ghent"}]] [[call: get_time {"city":"Rome"}]]';
    const expected = [
      ['get_weather', { city: 'Ghent' }],
      ['get_time', { city: 'Rome' }],
    ];
    const last = await client.beta.messages.toolRunner({ ...asking(order), tools });
    expect(last).toMatchObject({ stop_reason: 'end_turn', content: [{ type: 'text' }] });
    expect(called).toEqual(expected);
    called.length = 0;
    const runner = client.beta.messages.toolRunner({ ...asking(order), tools, stream: true });
    const partial: string[] = [];
    for await (const stream of runner) {
      for await (const event of stream) {
        if (event.type === 'content_block_delta' && event.delta.type === 'input_json_delta')
          partial.push(event.delta.partial_json);
      }
    }
    expect(partial.length).toBeGreaterThan(2);
    expect(called).toEqual(expected);
  });

  it('obeys tool_choice, whole and streamed', async () => {
    const tools: Anthropic.Tool[] = ['one', 'two'].map((name) => ({
      name,
      input_schema: { type: 'object' },
    }));
    for (const { content } of await both({
      ...asking('x'),
      tools,
      tool_choice: { type: 'tool', name: 'two' },
    })) {
      expect(content).toMatchObject([{ type: 'tool_use', name: 'two' }]);
    }
    for (const { content } of await both({
      ...asking('[[call: one, two]]'),
      tools,
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    })) {
      expect(content.filter(({ type }) => type === 'tool_use')).toHaveLength(1);
    }
  });

  it('parses structured outputs', async () => {
    const River = z.object({ name: z.string(), lengthKm: z.number() });
    const request = { ...asking('A river.'), output_config: { format: zodOutputFormat(River) } };
    const { parsed_output } = await client.messages.parse(request);
    expect(River.safeParse(parsed_output).success).toBe(true);
    const streamed = await client.messages.stream(request).finalMessage();
    expect(River.safeParse(streamed.parsed_output).success).toBe(true);
  });

  it.each([
    ['an image', { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } }],
    [
      'a PDF',
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERg==' } },
    ],
  ] as [string, Anthropic.ContentBlockParam][])(
    'shows the model %s, whole and streamed',
    async (_, block) => {
      for (const { usage } of await both(asking([block, { type: 'text', text: 'eight ch' }]))) {
        expect(usage.input_tokens).toBe(87);
      }
    },
  );

  it('bounds and steers an answer, whole and streamed', async () => {
    for (const cut of await both({ ...asking('[[tokens: 64]]'), max_tokens: 4 })) {
      expect(cut).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 4 } });
    }
    for (const { content } of await both({
      ...asking('[[say: one END two]]'),
      stop_sequences: ['END'],
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      metadata: { user_id: 'user-1' },
    })) {
      expect(content).toMatchObject([{ type: 'text', text: expect.stringMatching(/^one ?$/) as string }]);
    }
    for (const { usage } of await both({
      ...asking('[[reason: 20]] [[say: yes]]'),
      max_tokens: 2_048,
      thinking: { type: 'enabled', budget_tokens: 1_024 },
    })) {
      expect(usage.output_tokens).toBe(21);
    }
    for (const { usage } of await both(asking(`${'river '.repeat(100)}[[cached: 100]]`))) {
      expect(usage.cache_read_input_tokens).toBe(100);
    }
  });

  it('counts tokens and lists models', async () => {
    const { model, messages } = asking('eight ch');
    expect((await client.messages.countTokens({ model, messages })).input_tokens).toBeGreaterThan(2);
    const ids: string[] = [];
    for await (const { id, type } of client.models.list()) {
      expect(type).toBe('model');
      ids.push(id);
    }
    expect(ids).toContain('small');
    expect((await client.models.retrieve('small')).id).toBe('small');
  });

  it('takes a bearer token as well as a key', async () => {
    const bearer = new Anthropic({
      baseURL: recorded.url,
      apiKey: null,
      authToken: recorded.key,
      maxRetries: 0,
    });
    expect((await bearer.messages.create(asking('x'))).type).toBe('message');
  });

  it('throws its own error classes, with the body in its own shape', async () => {
    const nobody = new Anthropic({ baseURL: recorded.url, apiKey: 'sk-nobody', maxRetries: 0 });
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

  it('throws its own error classes for what providers do', async () => {
    const limited = await thrownBy(
      client.messages.create(asking('[[fault: 429; retry-after-ms=60000]]', 'limited')),
    );
    expect(limited).toBeInstanceOf(Anthropic.RateLimitError);
    expect(limited).toMatchObject({ type: 'rate_limit_error', errorCode: 'rate_limited' });
    const broken = await thrownBy(client.messages.create(asking('[[fault: 500]]', 'broken')));
    expect(broken).toBeInstanceOf(Anthropic.InternalServerError);
    expect(await thrownBy(client.messages.create(asking('[[fault: 422]]')))).toBeInstanceOf(
      Anthropic.UnprocessableEntityError,
    );
    const empty = await thrownBy(client.messages.create({ ...asking('x'), messages: [] }));
    expect(empty).toBeInstanceOf(Anthropic.BadRequestError);
    const nobody = new Anthropic({ baseURL: 'http://127.0.0.1:9', apiKey: 'x', maxRetries: 0 });
    expect(await thrownBy(nobody.messages.create(asking('x')))).toBeInstanceOf(Anthropic.APIConnectionError);
  });

  it('throws the same where it asked for a stream', async () => {
    const streaming = (text: string, model = 'small', by = client) =>
      thrownBy(by.messages.stream(asking(text, model)).finalMessage());
    const nobody = new Anthropic({ baseURL: recorded.url, apiKey: 'sk-nobody', maxRetries: 0 });
    expect(await streaming('x', 'small', nobody)).toBeInstanceOf(Anthropic.AuthenticationError);
    expect(await streaming('x', 'nope')).toBeInstanceOf(Anthropic.NotFoundError);
    expect(await streaming('[[fault: 400]]')).toBeInstanceOf(Anthropic.BadRequestError);
    expect(await streaming('[[fault: 422]]')).toBeInstanceOf(Anthropic.UnprocessableEntityError);
    const limited = await streaming('[[fault: 429; retry-after-ms=60000]]', 'limited-1');
    expect(limited).toBeInstanceOf(Anthropic.RateLimitError);
    expect(await streaming('[[fault: 500]]', 'broken-1')).toBeInstanceOf(Anthropic.InternalServerError);
  });

  it('throws where a stream breaks off, and leaves when it is told to', async () => {
    const text = '[[say: the river is high and it is rising]] [[fault: cut; after=4]]';
    const stream = client.messages.stream(asking(text, 'cut'));
    let said = '';
    stream.on('text', (delta) => (said += delta));
    expect(await thrownBy(stream.finalMessage())).toBeInstanceOf(Anthropic.APIError);
    expect(said).not.toBe('');
    const long = client.messages.stream(asking('[[tokens: 60]] [[latency: 1 20]]'));
    long.on('text', () => long.abort());
    expect(await thrownBy(long.finalMessage())).toBeInstanceOf(Anthropic.APIUserAbortError);
  });
});

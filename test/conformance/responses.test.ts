import { eventually } from '@penstock/testing';
import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { PNG } from './clients/client.js';
import { startRecordedStack, thrownBy, type RecordedStack } from './wire/recorded-stack.js';

/** OpenAI's Responses by OpenAI's own client, unmodified but for its base URL and key. */
describe('the openai client, Responses', () => {
  let recorded: RecordedStack;
  let client: OpenAI;
  beforeAll(async () => {
    recorded = await startRecordedStack();
    client = new OpenAI({ baseURL: `${recorded.url}/v1`, apiKey: recorded.key, maxRetries: 0 });
  });
  afterEach(() => void recorded.checked());
  afterAll(() => recorded.close());

  type Request = Omit<OpenAI.Responses.ResponseCreateParamsNonStreaming, 'stream'>;
  /** The same request whole, and as a stream that the client puts together. */
  const both = async (request: Request) => [
    await client.responses.create(request),
    await client.responses.stream(request).finalResponse(),
  ];

  const until = (id: string, wanted: OpenAI.Responses.ResponseStatus) =>
    eventually(async () => {
      const response = await client.responses.retrieve(id);
      return response.status === wanted ? response : undefined;
    });

  it('makes one, whole and streamed', async () => {
    const input = '[[say: the river is high]]';
    const whole = await client.responses.create({ model: 'small', input });
    expect(whole).toMatchObject({
      object: 'response',
      status: 'completed',
      output_text: 'the river is high',
      usage: { input_tokens: 7, output_tokens: 5 },
    });
    const types: string[] = [];
    for await (const { type } of await client.responses.create({ model: 'small', input, stream: true }))
      types.push(type);
    expect([types[0], types.at(-1)]).toEqual(['response.created', 'response.completed']);
    const gathered = await client.responses.stream({ model: 'small', input }).finalResponse();
    expect(gathered.output_text).toBe('the river is high');
  });

  it('goes on after tools were used, several in one turn, whole and streamed', async () => {
    const tools = ['get_weather', 'get_time'].map((name) => ({
      type: 'function' as const,
      name,
      parameters: { type: 'object', properties: {} },
      strict: false,
    }));
    const asked = {
      role: 'user' as const,
      content: '[[call: get_weather {"city":"Ghent"}]] [[call: get_time]]',
    };
    const callsOf = (output: readonly OpenAI.Responses.ResponseOutputItem[]) =>
      output.filter((item) => item.type === 'function_call');
    const expected = [
      { name: 'get_weather', arguments: '{"city":"Ghent"}' },
      { name: 'get_time', arguments: '{}' },
    ];
    const first = await client.responses.create({ model: 'small', input: [asked], tools });
    expect(callsOf(first.output)).toMatchObject(expected);
    const streamed = await client.responses.stream({ model: 'small', input: [asked], tools }).finalResponse();
    expect(callsOf(streamed.output)).toMatchObject(expected);
    const second = await client.responses.create({
      model: 'small',
      tools,
      input: [
        asked,
        ...callsOf(first.output),
        ...callsOf(first.output).map(({ call_id }) => ({
          type: 'function_call_output' as const,
          call_id,
          output: 'fine',
        })),
      ],
    });
    expect(callsOf(second.output)).toEqual([]);
    expect(second.output_text).toBeTruthy();
  });

  it('parses structured outputs', async () => {
    const River = z.object({ name: z.string(), lengthKm: z.int() });
    const request = { model: 'small', input: 'A river.', text: { format: zodTextFormat(River, 'river') } };
    const { output_parsed } = await client.responses.parse(request);
    expect(River.safeParse(output_parsed).success).toBe(true);
    const streamed = await client.responses.stream(request).finalResponse();
    expect(River.safeParse(streamed.output_parsed).success).toBe(true);
  });

  it.each([
    ['an image', { type: 'input_image', detail: 'auto', image_url: `data:image/png;base64,${PNG}` }],
    ['a PDF', { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERg==' }],
  ] as [string, OpenAI.Responses.ResponseInputContent][])(
    'shows the model %s, whole and streamed',
    async (_, part) => {
      const input = [
        { role: 'user' as const, content: [part, { type: 'input_text' as const, text: 'eight ch' }] },
      ];
      for (const { usage } of await both({ model: 'small', input })) expect(usage?.input_tokens).toBe(87);
    },
  );

  it('bounds and steers an answer, and hands on its thoughts, whole and streamed', async () => {
    for (const cut of await both({ model: 'small', input: '[[tokens: 64]]', max_output_tokens: 4 })) {
      expect(cut).toMatchObject({
        status: 'incomplete',
        incomplete_details: { reason: 'max_output_tokens' },
      });
    }
    for (const thought of await both({
      model: 'small',
      input: '[[reason: 20]] [[say: yes]]',
      instructions: 'Be brief.',
      reasoning: { effort: 'low', summary: 'auto' },
      metadata: { team: 'blue' },
    })) {
      expect(thought.usage?.output_tokens_details.reasoning_tokens).toBe(20);
      expect(thought).toMatchObject({ output: [{ type: 'reasoning' }, {}], metadata: { team: 'blue' } });
    }
    const input = `${'river '.repeat(100)}[[cached: 100]]`;
    for (const { usage } of await both({ model: 'small', input })) {
      expect(usage?.input_tokens_details.cached_tokens).toBe(100);
    }
  });

  it('obeys tool_choice, whole and streamed', async () => {
    const tools = ['one', 'two'].map((name) => ({
      ...{ type: 'function' as const, name, strict: false },
      parameters: { type: 'object', properties: {} },
    }));
    const named = { type: 'function' as const, name: 'two' };
    for (const { output } of await both({ model: 'small', input: 'x', tools, tool_choice: named })) {
      expect(output).toMatchObject([{ type: 'function_call', name: 'two' }]);
    }
  });

  it('takes the service tier flex for the class batch', async () => {
    const bells = recorded.stack.connection.nc.subscribe('bell.jobs.batch.acme', { max: 1 });
    await recorded.stack.connection.nc.flush();
    await client.responses.create({ model: 'small', input: 'x', service_tier: 'flex' });
    for await (const { subject } of bells) expect(subject).toBe('bell.jobs.batch.acme');
  });

  it('makes one in the background, to be polled', async () => {
    const created = await client.responses.create({
      model: 'small',
      input: '[[say: done]]',
      background: true,
    });
    expect(created).toMatchObject({ object: 'response', status: 'queued', model: 'small' });
    expect(await until(created.id, 'completed')).toMatchObject({ id: created.id, output_text: 'done' });
    const { url, stack } = recorded;
    const other = new OpenAI({ baseURL: `${url}/v1`, apiKey: stack.keys.globex, maxRetries: 0 });
    await expect(other.responses.retrieve(created.id)).rejects.toThrow(OpenAI.NotFoundError);
  });

  it('cancels one in the background', async () => {
    const created = await client.responses.create({
      model: 'small',
      input: '[[fault: hang]]',
      background: true,
    });
    await until(created.id, 'in_progress');
    expect(await client.responses.cancel(created.id)).toMatchObject({ id: created.id, status: 'cancelled' });
    await until(created.id, 'cancelled');
  });

  it.each([
    [false, ''],
    [true, '-1'],
  ])('throws its own error classes, streamed: %s', async (stream, own) => {
    const create = (input: string, model = 'small', by = client) =>
      thrownBy(by.responses.create({ model, input, stream } as OpenAI.Responses.ResponseCreateParams));
    const nobody = new OpenAI({ baseURL: `${recorded.url}/v1`, apiKey: 'sk-nobody', maxRetries: 0 });
    const unauthorized = await create('x', 'small', nobody);
    expect(unauthorized).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(await create('x', 'nope')).toBeInstanceOf(OpenAI.NotFoundError);
    expect(await thrownBy(client.responses.retrieve('resp_none'))).toBeInstanceOf(OpenAI.NotFoundError);
    expect(await create('[[fault: 400]]')).toBeInstanceOf(OpenAI.BadRequestError);
    expect(await create('[[fault: 429; retry-after-ms=60000]]', `limited${own}`)).toBeInstanceOf(
      OpenAI.RateLimitError,
    );
    expect(await create('[[fault: 500]]', `broken${own}`)).toBeInstanceOf(OpenAI.InternalServerError);
  });

  it('throws where a stream breaks off, at the number after the last event', async () => {
    const input = '[[say: the river is high and it is rising]] [[fault: cut; after=6]]';
    const events: OpenAI.Responses.ResponseStreamEvent[] = [];
    const reading = (async () => {
      for await (const event of await client.responses.create({ model: 'cut', input, stream: true }))
        events.push(event);
    })();
    const broken = await thrownBy(reading);
    expect(broken).toBeInstanceOf(OpenAI.APIError);
    expect(broken).toMatchObject({ code: 'stream_interrupted', error: { sequence_number: events.length } });
    expect(events.some(({ type }) => type === 'response.completed')).toBe(false);
  });
});

import {
  ApiError,
  FunctionCallingConfigMode,
  GoogleGenAI,
  type GenerateContentParameters,
  type GenerateContentResponse,
} from '@google/genai';
import { PNG, SCHEMA } from './clients/client.js';
import { startRecordedStack, thrownBy, type RecordedStack } from './wire/recorded-stack.js';

/** Google's own client, unmodified but for its base URL and key, against the whole stack and an OpenAI provider. */
describe('the google client', () => {
  let recorded: RecordedStack;
  let client: GoogleGenAI;
  const clientWith = (apiKey: string, more: { apiVersion?: string; timeout?: number } = {}) =>
    new GoogleGenAI({ apiKey, httpOptions: { baseUrl: recorded.url, ...more } });
  beforeAll(async () => {
    recorded = await startRecordedStack();
    client = clientWith(recorded.key);
  });
  afterEach(() => void recorded.checked());
  afterAll(() => recorded.close());

  const gather = async (stream: AsyncIterable<GenerateContentResponse>) => {
    const events: GenerateContentResponse[] = [];
    for await (const event of stream) events.push(event);
    return events;
  };

  /** The same request whole, and as the stream's events say it together. */
  const both = async (request: GenerateContentParameters) => {
    const whole = await client.models.generateContent(request);
    const events = await gather(await client.models.generateContentStream(request));
    return [whole, ...[events.at(-1)]].map((last, i) => ({
      text: (i === 0 ? [whole] : events).map(textOf).join(''),
      functionCalls:
        i === 0 ? whole.functionCalls : events.flatMap(({ functionCalls }) => functionCalls ?? []),
      finishReason: last?.candidates?.[0]?.finishReason,
      usage: last?.usageMetadata,
    }));
  };

  it.each([undefined, 'v1beta'])('generates, whole and streamed, below %s', async (apiVersion) => {
    const one = clientWith(recorded.key, { ...(apiVersion && { apiVersion }) });
    const request = { model: 'small', contents: '[[say: the river is high]]' };
    const whole = await one.models.generateContent(request);
    expect(whole.text).toBe('the river is high');
    expect(whole.candidates?.[0]?.finishReason).toBe('STOP');
    expect(whole.usageMetadata).toMatchObject({
      promptTokenCount: 7,
      candidatesTokenCount: 5,
      totalTokenCount: 12,
    });
    const events = await gather(await one.models.generateContentStream(request));
    expect(events.map(({ text }) => text ?? '').join('')).toBe('the river is high');
    expect(events.at(-1)?.usageMetadata).toMatchObject({ promptTokenCount: 7, candidatesTokenCount: 5 });
  });

  it('goes on after tools were used, whole and streamed', async () => {
    const config = {
      systemInstruction: 'Be brief.',
      tools: [
        {
          functionDeclarations: ['get_weather', 'get_time'].map((name) => ({
            name,
            parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } } },
          })),
        },
      ],
    };
    const asked = {
      role: 'user',
      parts: [{ text: '[[call: get_weather {"city":"Ghent"}]] [[call: get_time]]' }],
    };
    const expected = [
      { name: 'get_weather', args: { city: 'Ghent' } },
      { name: 'get_time', args: {} },
    ];
    const first = await client.models.generateContent({ model: 'small', contents: [asked], config });
    expect(first.functionCalls).toMatchObject(expected);
    const streamed = await gather(
      await client.models.generateContentStream({ model: 'small', contents: [asked], config }),
    );
    expect(streamed.flatMap(({ functionCalls }) => functionCalls ?? [])).toMatchObject(expected);
    const second = await client.models.generateContent({
      model: 'small',
      config,
      contents: [
        asked,
        { role: 'model', parts: first.candidates?.[0]?.content?.parts ?? [] },
        {
          role: 'user',
          parts: expected.map(({ name }, i) => ({
            functionResponse: { id: first.functionCalls?.[i]?.id ?? '', name, response: { output: 'fine' } },
          })),
        },
      ],
    });
    expect(second.text).toBeTruthy();
    expect(second.functionCalls).toBeUndefined();
  });

  it('keeps a chat, and forces a tool', async () => {
    const chat = client.chats.create({ model: 'small' });
    await chat.sendMessage({ message: 'Name a river.' });
    const parts: string[] = [];
    for await (const { text } of await chat.sendMessageStream({ message: '[[say: another one]]' }))
      parts.push(text ?? '');
    expect(parts.join('')).toBe('another one');
    expect(chat.getHistory()).toHaveLength(4);
    const forced = {
      model: 'small',
      contents: 'x',
      config: {
        tools: [{ functionDeclarations: [{ name: 'look' }] }],
        toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } },
      },
    };
    for (const { functionCalls } of await both(forced))
      expect(functionCalls).toMatchObject([{ name: 'look' }]);
  });

  it('gets JSON that fits its schema, whole and streamed', async () => {
    for (const { text } of await both({
      model: 'small',
      contents: 'How high?',
      config: { responseMimeType: 'application/json', responseJsonSchema: SCHEMA },
    })) {
      expect(JSON.parse(text)).toEqual({ level: expect.any(Number) });
    }
  });

  it.each([
    ['an image', { inlineData: { mimeType: 'image/png', data: PNG } }],
    ['a PDF', { inlineData: { mimeType: 'application/pdf', data: 'JVBERg==' } }],
    ['a sound', { inlineData: { mimeType: 'audio/wav', data: 'UklGRg==' } }],
  ])('shows the model %s, whole and streamed', async (_, part) => {
    const contents = [{ role: 'user', parts: [part, { text: 'eight ch' }] }];
    for (const { usage } of await both({ model: 'small', contents }))
      expect(usage?.promptTokenCount).toBe(87);
  });

  it('bounds and steers an answer, whole and streamed', async () => {
    const model = 'small';
    const cut = { model, contents: '[[tokens: 64]]', config: { maxOutputTokens: 4 } };
    for (const { finishReason } of await both(cut)) expect(finishReason).toBe('MAX_TOKENS');
    for (const { text } of await both({
      model,
      contents: '[[say: one END two]]',
      config: { stopSequences: ['END'], temperature: 0.5, topP: 0.9, seed: 7 },
    })) {
      expect(text.trim()).toBe('one');
    }
    for (const { usage } of await both({
      model,
      contents: '[[reason: 20]] [[say: yes]]',
      config: { thinkingConfig: { thinkingBudget: 1_024, includeThoughts: true } },
    })) {
      expect(usage?.thoughtsTokenCount).toBe(20);
    }
    for (const { usage } of await both({ model, contents: `${'river '.repeat(100)}[[cached: 100]]` })) {
      expect(usage?.cachedContentTokenCount).toBe(100);
    }
  });

  it('counts tokens and lists models', async () => {
    const { totalTokens } = await client.models.countTokens({ model: 'small', contents: 'eight ch' });
    expect(totalTokens).toBeGreaterThan(2);
    const names: string[] = [];
    for await (const { name } of await client.models.list({ config: { queryBase: true } }))
      names.push(name ?? '');
    expect(names).toContain('models/small');
    expect(await client.models.get({ model: 'small' })).toMatchObject({ name: 'models/small' });
  });

  it('throws its own error class, with the status, whole and streamed', async () => {
    const request = { model: 'small', contents: 'x' };
    const status = async (call: Promise<unknown>) => {
      const error = await thrownBy(call);
      expect(error).toBeInstanceOf(ApiError);
      return (error as ApiError).status;
    };
    const { models } = client;
    expect(await status(clientWith('sk-nobody').models.generateContent(request))).toBe(401);
    expect(await status(models.generateContent({ ...request, model: 'nope' }))).toBe(404);
    expect(await status(models.generateContent({ ...request, contents: [] }).catch(rethrow))).toBe(400);
    expect(await status(models.generateContent({ ...request, contents: '[[fault: 400]]' }))).toBe(400);
    expect(await status(models.countTokens({ model: 'nope', contents: 'x' }))).toBe(404);
    const limited = { model: 'limited', contents: '[[fault: 429; retry-after-ms=60000]]' };
    expect(await status(models.generateContent(limited))).toBe(429);
    expect(await status(models.generateContent({ model: 'broken', contents: '[[fault: 500]]' }))).toBe(502);
    const streamed = (asked: GenerateContentParameters, by = client) =>
      status(by.models.generateContentStream(asked).then(gather));
    expect(await streamed(request, clientWith('sk-nobody'))).toBe(401);
    expect(await streamed({ ...request, model: 'nope' })).toBe(404);
    expect(await streamed({ ...request, contents: '[[fault: 400]]' })).toBe(400);
    expect(await streamed({ ...limited, model: 'limited-1' })).toBe(429);
    expect(await streamed({ model: 'broken-1', contents: '[[fault: 500]]' })).toBe(502);
    const cut = {
      model: 'cut',
      contents: '[[say: the river is high and it is rising]] [[fault: cut; after=4]]',
    };
    expect(await status(models.generateContentStream(cut).then(gather))).toBe(502);
  });
});

/** What the client's own `text` says, without its warning that there is something else as well. */
function textOf({ candidates }: GenerateContentResponse): string {
  const parts = candidates?.[0]?.content?.parts ?? [];
  return parts.map(({ text, thought }) => (thought ? '' : (text ?? ''))).join('');
}

/** The client refuses an empty list by itself; then there is nothing to see here. */
function rethrow(error: unknown): never {
  if (error instanceof ApiError) throw error;
  throw new ApiError({ status: 400, message: String(error) });
}

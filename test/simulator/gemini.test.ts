import { fetch } from 'undici';

import { runSimulator, type RunningSimulator } from './running-simulator.js';

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await runSimulator({ apiKey: 'key-simulated' });
});
afterAll(() => simulator.close());

interface Candidate {
  content: { parts: { text?: string; thought?: boolean; functionCall?: { name: string; args: object } }[] };
  finishReason?: string;
}
interface GeminiResponse {
  candidates: Candidate[];
  usageMetadata?: Record<string, unknown>;
}

const KEY = { 'x-goog-api-key': 'key-simulated' };

function call(action: string, text: string, more: object = {}, headers: Record<string, string> = {}) {
  const body = { contents: [{ role: 'user', parts: [{ text }] }], ...more };
  return simulator.post(`/v1beta/models/sim-small:${action}`, body, { ...KEY, ...headers });
}

async function generate(text: string, more: object = {}): Promise<GeminiResponse> {
  return (await (await call('generateContent', text, more)).json()) as GeminiResponse;
}

async function stream(text: string, more: object = {}): Promise<GeminiResponse[]> {
  const events = await (await call('streamGenerateContent?alt=sse', text, more)).text();
  return events
    .trimEnd()
    .split('\n\n')
    .map((event) => JSON.parse(event.replace(/^data: /, '')) as GeminiResponse);
}

function textOf(responses: GeminiResponse[]): string {
  return responses
    .flatMap(({ candidates }) => candidates[0]?.content.parts.map(({ text }) => text ?? '') ?? [])
    .join('');
}

describe('Gemini', () => {
  it('generates content, whole, as events and as an array', async () => {
    const whole = await generate('[[say: the river is high]] [[cached: 4]]');
    expect(whole).toMatchObject({
      candidates: [
        {
          content: { role: 'model', parts: [{ text: 'the river is high' }] },
          finishReason: 'STOP',
          index: 0,
        },
      ],
      usageMetadata: {
        promptTokenCount: 10,
        candidatesTokenCount: 5,
        totalTokenCount: 15,
        cachedContentTokenCount: 4,
      },
      modelVersion: 'sim-small',
    });
    const events = await stream('[[say: the river is high]] [[cached: 4]]');
    expect(textOf(events)).toBe('the river is high');
    expect(events.map(({ candidates }) => candidates[0]?.finishReason).filter(Boolean)).toEqual(['STOP']);
    expect(events.at(-1)?.usageMetadata).toEqual(whole.usageMetadata);
    const array = (await (
      await call('streamGenerateContent', '[[say: the river is high]]')
    ).json()) as GeminiResponse[];
    expect(textOf(array)).toBe('the river is high');
  });

  it('counts thoughts apart, and shows them when asked', async () => {
    const hidden = await stream('[[reason: 6]] [[tokens: 2]]');
    expect(hidden).toHaveLength(2);
    expect(hidden.at(-1)?.usageMetadata).toMatchObject({ thoughtsTokenCount: 6, candidatesTokenCount: 2 });
    const generationConfig = { thinkingConfig: { includeThoughts: true } };
    const shown = await generate('[[reason: 6]] [[tokens: 2]]', { generationConfig });
    expect(shown.candidates[0]?.content.parts).toMatchObject([
      { thought: true },
      { text: expect.any(String) },
    ]);
    const [entry] = (await simulator.ledger()).slice(-1);
    expect(entry).toMatchObject({ api: 'gemini.generate', outputTokens: 8, reasoningTokens: 6 });
  });

  it('calls functions, several in parallel, and answers in text once they are answered', async () => {
    const declared = {
      type: 'OBJECT',
      properties: { city: { type: 'STRING', nullable: true } },
      required: ['city'],
    };
    const functionDeclarations = [{ name: 'get_weather', parameters: declared }, { name: 'get_time' }];
    const tools = [{ functionDeclarations }];
    const calls = [
      { functionCall: { name: 'get_weather' } },
      { functionCall: { name: 'get_time', args: {} } },
    ];
    const whole = await generate('[[call: get_weather, get_time]]', { tools });
    expect(whole.candidates[0]).toMatchObject({ content: { parts: calls }, finishReason: 'STOP' });
    const chunks = await stream('[[call: get_weather, get_time]]', { tools });
    expect(chunks.flatMap(({ candidates }) => candidates[0]?.content.parts)).toMatchObject(calls);

    const toolConfig = { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['get_time'] } };
    const forced = await generate('x', { tools, toolConfig });
    expect(forced.candidates[0]?.content.parts).toEqual([{ functionCall: { name: 'get_time', args: {} } }]);

    const contents = [
      { role: 'user', parts: [{ text: '[[call: get_time]]' }] },
      { role: 'model', parts: forced.candidates[0]?.content.parts },
      { role: 'user', parts: [{ functionResponse: { name: 'get_time', response: { at: 'noon' } } }] },
    ];
    const last = await generate('', { contents, tools });
    expect(last.candidates[0]?.content.parts).toMatchObject([{ text: expect.any(String) }]);
  });

  it("fits a schema in Google's form, takes images, keeps to its bound", async () => {
    const responseSchema = {
      type: 'OBJECT',
      properties: { level: { type: 'INTEGER', minimum: 5 } },
      required: ['level'],
    };
    const generationConfig = { responseMimeType: 'application/json', responseSchema };
    const fitted = await generate('', {
      contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }] }],
      generationConfig,
    });
    expect(JSON.parse(textOf([fitted]))).toEqual({ level: expect.any(Number) });
    expect(fitted.usageMetadata).toMatchObject({ promptTokenCount: 85 });
    const cut = await generate('x', { generationConfig: { maxOutputTokens: 2 } });
    expect(cut.candidates[0]?.finishReason).toBe('MAX_TOKENS');
    expect((await generate('[[refuse]]')).candidates[0]?.finishReason).toBe('SAFETY');
  });

  it('counts tokens and lists models', async () => {
    expect(await (await call('countTokens', 'eight ch')).json()).toEqual({ totalTokens: 2 });
    const models = await fetch(`${simulator.url}/v1beta/models?key=key-simulated`);
    const listed = (await models.json()) as { models: readonly { name: string }[] };
    expect(listed.models[0]?.name).toBe('models/sim-small');
    const one = await fetch(`${simulator.url}/v1beta/models/sim-large`, { headers: KEY });
    expect(await one.json()).toMatchObject({ name: 'models/sim-large' });
  });

  it("fails in Google's shape", async () => {
    const shapeOf = async (response: ReturnType<typeof call>) => [
      (await response).status,
      await (await response).json(),
    ];
    expect(await shapeOf(call('generateContent', 'x', { contents: [] }))).toMatchObject([
      400,
      { error: { code: 400, status: 'INVALID_ARGUMENT' } },
    ]);
    expect(await shapeOf(call('generateContent', 'x', {}, { 'x-goog-api-key': 'other' }))).toMatchObject([
      401,
      { error: { status: 'UNAUTHENTICATED' } },
    ]);
    const limited = call('generateContent', 'x', {}, { 'x-simulator-fault': '429; retry-after-ms=12000' });
    expect(await shapeOf(limited)).toMatchObject([
      429,
      { error: { status: 'RESOURCE_EXHAUSTED', details: [{ retryDelay: '12s' }] } },
    ]);
    const unknown = simulator.post(
      '/v1beta/models/none:generateContent',
      { contents: [{ parts: [{ text: 'x' }] }] },
      KEY,
    );
    expect(await shapeOf(unknown)).toMatchObject([404, { error: { status: 'NOT_FOUND' } }]);
  });
});

import { createOpenAI } from '@ai-sdk/openai';
import { createOpenRouter } from '@openrouter/ai-sdk-provider';
import {
  APICallError,
  embedMany,
  generateText,
  isStepCount,
  Output,
  streamText,
  tool,
  type LanguageModel,
} from 'ai';
import { z } from 'zod';
import { PNG } from './clients/client.js';
import { startRecordedStack, thrownBy, type RecordedStack } from './wire/recorded-stack.js';

/** The AI SDK with OpenAI's and OpenRouter's providers, unmodified but for base URL and key. */
describe('the AI SDK', () => {
  let recorded: RecordedStack;
  beforeAll(async () => (recorded = await startRecordedStack()));
  afterEach(() => void recorded.checked());
  afterAll(() => recorded.close());

  const openai = (apiKey = recorded.key) => createOpenAI({ baseURL: `${recorded.url}/v1`, apiKey });
  const openrouter = (apiKey = recorded.key) =>
    createOpenRouter({ baseURL: `${recorded.url}/v1`, apiKey, compatibility: 'strict' });

  const MODELS: readonly (readonly [string, string, (id: string, key?: string) => LanguageModel])[] = [
    ['@ai-sdk/openai, chat', '', (id, key) => openai(key).chat(id)],
    ['@ai-sdk/openai, responses', '-1', (id, key) => openai(key).responses(id)],
    ['@openrouter/ai-sdk-provider', '-2', (id, key) => openrouter(key).chat(id)],
  ];

  describe.each(MODELS)('%s', (_, own, modelOf) => {
    const asking = (prompt: string, id = 'small') => ({ model: modelOf(id), prompt, maxRetries: 0 });
    const weather = tool({
      description: 'The weather of a city.',
      inputSchema: z.object({ city: z.string() }),
      execute: async ({ city }) => `fine in ${city}`,
    });
    const time = tool({ inputSchema: z.object({}), execute: async () => 'noon' });

    it('generates text, whole and streamed, with usage', async () => {
      const whole = await generateText(asking('[[say: the river is high]]'));
      expect(whole).toMatchObject({ text: 'the river is high', finishReason: 'stop' });
      expect(whole.usage).toMatchObject({ inputTokens: 7, outputTokens: 5 });
      const streamed = streamText(asking('[[say: the river is high and it is rising]]'));
      const pieces: string[] = [];
      for await (const piece of streamed.textStream) pieces.push(piece);
      expect(pieces.join('')).toBe('the river is high and it is rising');
      expect(pieces.length).toBeGreaterThan(1);
      expect(await streamed.usage).toMatchObject({ outputTokens: expect.any(Number) as number });
    });

    it('runs tools, several in one step, whole and streamed', async () => {
      const request = {
        ...asking('[[call: get_weather {"city":"Ghent"}]] [[call: get_time]]'),
        tools: { get_weather: weather, get_time: time },
        stopWhen: isStepCount(2),
      };
      const whole = await generateText(request);
      expect(whole.steps[0]?.toolCalls).toMatchObject([
        { toolName: 'get_weather', input: { city: 'Ghent' } },
        { toolName: 'get_time', input: {} },
      ]);
      expect(whole.steps[0]?.toolResults).toMatchObject([{ output: 'fine in Ghent' }, { output: 'noon' }]);
      expect(whole.text).toBeTruthy();
      const streamed = streamText(request);
      await streamed.consumeStream();
      expect((await streamed.steps).map(({ toolCalls }) => toolCalls.length)).toEqual([2, 0]);
      expect(await streamed.text).toBeTruthy();
    });

    it('gives an object that fits its schema, whole and streamed', async () => {
      const schema = z.object({ name: z.string(), lengthKm: z.number() });
      const request = { ...asking('A river.'), output: Output.object({ schema }) };
      expect(schema.safeParse((await generateText(request)).output).success).toBe(true);
      const streamed = streamText(request);
      await streamed.consumeStream();
      expect(schema.safeParse(await streamed.output).success).toBe(true);
    });

    it('shows the model an image, whole and streamed', async () => {
      const request: Parameters<typeof generateText>[0] & Parameters<typeof streamText>[0] = {
        model: modelOf('small'),
        maxRetries: 0,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'file', data: `data:image/png;base64,${PNG}`, mediaType: 'image/png' },
              { type: 'text', text: 'eight ch' },
            ],
          },
        ],
      };
      expect((await generateText(request)).usage.inputTokens).toBe(87);
      expect((await streamText(request).usage).inputTokens).toBe(87);
    });

    it('bounds and steers an answer, and hands on its thoughts, whole and streamed', async () => {
      const read = async (request: Parameters<typeof generateText>[0] & Parameters<typeof streamText>[0]) => {
        const whole = await generateText(request);
        const streamed = streamText(request);
        return [
          { text: whole.text, finishReason: whole.finishReason, usage: whole.usage },
          {
            text: await streamed.text,
            finishReason: await streamed.finishReason,
            usage: await streamed.usage,
          },
        ];
      };
      for (const cut of await read({ ...asking('[[tokens: 64]]'), maxOutputTokens: 4 })) {
        expect(cut).toMatchObject({ finishReason: 'length', usage: { outputTokens: 4 } });
      }
      for (const { usage } of await read({ ...asking('[[reason: 20]] [[say: yes]]'), reasoning: 'low' })) {
        expect(usage.outputTokenDetails.reasoningTokens).toBe(20);
      }
      for (const { usage } of await read(asking(`${'river '.repeat(100)}[[cached: 100]]`))) {
        expect(usage.inputTokenDetails.cacheReadTokens).toBe(100);
      }
    });

    it('throws its own errors, and never takes a broken stream for whole', async () => {
      const failing = async (status: number, call: Promise<unknown>) => {
        const error = await thrownBy(call);
        expect(APICallError.isInstance(error)).toBe(true);
        expect(error).toMatchObject({ statusCode: status });
        return error as APICallError;
      };
      const wrongKey = { ...asking('x'), model: modelOf('small', 'sk-nobody') };
      const unauthorized = await failing(401, generateText(wrongKey));
      expect(unauthorized.message).toContain('API key');
      expect(unauthorized.isRetryable).toBe(false);
      await failing(404, generateText(asking('x', 'nope')));
      await failing(400, generateText(asking('[[fault: 400]]')));
      const limited = generateText(asking('[[fault: 429; retry-after-ms=60000]]', `limited${own}`));
      expect((await failing(429, limited)).isRetryable).toBe(true);
      const streaming = (request: Parameters<typeof streamText>[0]) =>
        new Promise((_, reject) => {
          const { textStream } = streamText({ ...request, onError: ({ error }) => reject(error as Error) });
          void (async () => {
            for await (const _piece of textStream);
          })().catch(reject);
        });
      await failing(401, streaming(wrongKey));
      await failing(404, streaming(asking('x', 'nope')));
      await failing(400, streaming(asking('[[fault: 400]]')));
      const cut = '[[say: the river is high and it is rising]] [[fault: cut; after=5]]';
      const errors: unknown[] = [];
      const broken = streamText({
        ...asking(cut, `cut${own}`),
        onError: ({ error }) => void errors.push(error),
      });
      await broken.consumeStream();
      expect(errors).toHaveLength(1);
      expect(await Promise.resolve(broken.finishReason).catch(() => 'error')).toBe('error');
    });
  });

  it('embeds', async () => {
    for (const model of [openai().embedding('embedding'), openrouter().textEmbeddingModel('embedding')]) {
      const { embeddings, usage } = await embedMany({ model, values: ['a river', 'a sea'], maxRetries: 0 });
      expect(embeddings).toHaveLength(2);
      expect(embeddings[0]?.length).toBeGreaterThan(0);
      expect(usage.tokens).toBeGreaterThan(0);
    }
  });
});

import { HumanMessage, type AIMessageChunk, type ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { z } from 'zod';
import { PNG } from './clients/client.js';
import { startRecordedStack, thrownBy, type RecordedStack } from './wire/recorded-stack.js';

/** LangChain's OpenAI package, unmodified but for base URL and key: over chat completions, and over Responses. */
describe('langchain', () => {
  let recorded: RecordedStack;
  beforeAll(async () => (recorded = await startRecordedStack()));
  afterEach(() => void recorded.checked());
  afterAll(() => recorded.close());

  const setup = (apiKey = recorded.key) => ({
    apiKey,
    maxRetries: 0,
    configuration: { baseURL: `${recorded.url}/v1` },
  });

  describe.each([false, true])('with useResponsesApi: %s', (useResponsesApi) => {
    const model = (name = 'small', key?: string) =>
      new ChatOpenAI({ ...setup(key), model: name, useResponsesApi });
    const streamed = async (by: ChatOpenAI, asked: string | HumanMessage[]): Promise<AIMessageChunk> => {
      const pieces: AIMessageChunk[] = [];
      for await (const piece of await by.stream(asked)) pieces.push(piece);
      return pieces.reduce((all, piece) => all.concat(piece));
    };
    const weather = tool(async ({ city }: { city: string }) => `fine in ${city}`, {
      name: 'get_weather',
      description: 'The weather of a city.',
      schema: z.object({ city: z.string() }),
    });

    it('invokes and streams, with usage', async () => {
      const whole = await model().invoke('[[say: the river is high]]');
      expect(whole.text).toBe('the river is high');
      expect(whole.usage_metadata).toMatchObject({ input_tokens: 7, output_tokens: 5, total_tokens: 12 });
      const pieces: AIMessageChunk[] = [];
      for await (const piece of await model().stream('[[say: the river is high and it is rising]]'))
        pieces.push(piece);
      expect(pieces.map(({ text }) => text).join('')).toBe('the river is high and it is rising');
      expect(pieces.filter(({ text }) => text).length).toBeGreaterThan(1);
      const { usage_metadata } = pieces.reduce((all, piece) => all.concat(piece));
      expect(usage_metadata).toMatchObject({ output_tokens: expect.any(Number) as number });
    });

    it('goes on after a tool was used, whole and streamed', async () => {
      const bound = model().bindTools([weather]);
      const asked = new HumanMessage('[[call: get_weather {"city":"Ghent"}]]');
      const first = await bound.invoke([asked]);
      expect(first.tool_calls).toMatchObject([{ name: 'get_weather', args: { city: 'Ghent' } }]);
      const [call] = first.tool_calls ?? [];
      if (!call) throw new Error('no tool was called');
      const result = (await weather.invoke(call as never)) as unknown as ToolMessage;
      expect(result.content).toBe('fine in Ghent');
      const second = await bound.invoke([asked, first, result]);
      expect(second.text).toBeTruthy();
      expect(second.tool_calls).toEqual([]);
      const pieces: AIMessageChunk[] = [];
      for await (const piece of await bound.stream([asked])) pieces.push(piece);
      const streamed = pieces.reduce((all, piece) => all.concat(piece));
      expect(streamed.tool_calls).toMatchObject([{ name: 'get_weather', args: { city: 'Ghent' } }]);
    });

    it('gives an object that fits its schema, whole and streamed', async () => {
      const schema = z.object({ name: z.string(), lengthKm: z.number() });
      const structured = model().withStructuredOutput(schema, { method: 'jsonSchema' });
      expect(schema.safeParse(await structured.invoke('A river.')).success).toBe(true);
      let last: unknown;
      for await (const river of await structured.stream('A river.')) last = river;
      expect(schema.safeParse(last).success).toBe(true);
    });

    it('shows the model an image, whole and streamed', async () => {
      const asked = [
        new HumanMessage({
          content: [
            { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
            { type: 'text', text: 'eight ch' },
          ],
        }),
      ];
      expect((await model().invoke(asked)).usage_metadata).toMatchObject({ input_tokens: 87 });
      expect((await streamed(model(), asked)).usage_metadata).toMatchObject({ input_tokens: 87 });
    });

    it('bounds and steers an answer, and counts its thoughts, whole and streamed', async () => {
      const bounded = new ChatOpenAI({ ...setup(), model: 'small', useResponsesApi, maxTokens: 4 });
      const thinking = new ChatOpenAI({
        ...{ ...setup(), model: 'small', useResponsesApi },
        reasoning: { effort: 'low' },
      });
      const asked = '[[reason: 20]] [[say: yes]]';
      for (const cut of [await bounded.invoke('[[tokens: 64]]'), await streamed(bounded, '[[tokens: 64]]')]) {
        expect(cut.usage_metadata).toMatchObject({ output_tokens: 4 });
      }
      for (const thought of [await thinking.invoke(asked), await streamed(thinking, asked)]) {
        expect(thought.usage_metadata).toMatchObject({ output_token_details: { reasoning: 20 } });
      }
    });

    it('throws the errors of the client beneath it', async () => {
      expect(await thrownBy(model('small', 'sk-nobody').invoke('x'))).toMatchObject({ status: 401 });
      expect(await thrownBy(model('nope').invoke('x'))).toMatchObject({
        status: 404,
        code: 'model_not_found',
      });
      expect(await thrownBy(model().invoke('[[fault: 400]]'))).toMatchObject({ status: 400 });
      expect(await thrownBy(streamed(model('small', 'sk-nobody'), 'x'))).toMatchObject({ status: 401 });
      expect(await thrownBy(streamed(model('nope'), 'x'))).toMatchObject({ status: 404 });
      expect(await thrownBy(streamed(model(), '[[fault: 400]]'))).toMatchObject({ status: 400 });
      const own = useResponsesApi ? '' : '-1';
      const limited = model(`limited${own}`).invoke('[[fault: 429; retry-after-ms=60000]]');
      expect(await thrownBy(limited)).toMatchObject({ status: 429 });
      const cut = '[[say: the river is high and it is rising]] [[fault: cut; after=5]]';
      const reading = (async () => {
        for await (const _ of await model(`cut${own}`).stream(cut));
      })();
      expect(String(await thrownBy(reading))).toMatch(/broke off/);
    });
  });

  it('embeds', async () => {
    const embeddings = new OpenAIEmbeddings({ ...setup(), model: 'embedding' });
    const [one, two] = await embeddings.embedDocuments(['a river', 'a sea']);
    expect(one?.length).toBeGreaterThan(0);
    expect(two).toHaveLength(one?.length ?? 0);
    expect(await embeddings.embedQuery('a river')).toEqual(one);
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '@penstock/contracts';
import { format, resolveConfig } from 'prettier';
import { withSection } from '../quality/documents/markdown.js';
import { startStack, type Stack, type StackProvider } from '../stack/start-stack.js';
import { modelOf } from '../../services/simulator/src/models/read-model.js';
import { anthropicClient } from './clients/anthropic-messages.js';
import type { Client, Said } from './clients/client.js';
import { geminiClient } from './clients/gemini-generate.js';
import { openAiChatClient } from './clients/openai-chat.js';
import { openAiResponsesClient } from './clients/openai-responses.js';
import { checkExchanges } from './published/check-exchange.js';
import { Table } from './table.js';
import { startRecordingProxy, type RecordingProxy } from './wire/recording-proxy.js';

/**
 * Providers by what they speak: OpenAI itself, one that serves its Responses alone, one of the many that serve its chat
 * completions and no more, Anthropic, Google.
 */
const PROVIDERS = {
  openai: { adapter: 'openai', path: '/v1' },
  'openai-responses': { adapter: 'openai-responses', path: '/v1' },
  together: { adapter: 'together', path: '/v1' },
  anthropic: { adapter: 'anthropic', path: '/v1' },
  gemini: { adapter: 'gemini', path: '/v1beta' },
} as const satisfies Record<string, StackProvider>;

type ProviderName = keyof typeof PROVIDERS;
const NAMES = Object.keys(PROVIDERS) as ProviderName[];
const CLIENTS = [openAiChatClient, openAiResponsesClient, anthropicClient, geminiClient];

const NOTES = [
  '(1) The thoughts do not come through: OpenAI shows none in chat completions. Their tokens are counted apart.',
  '(2) The package for this provider asks for JSON, and leaves the schema out; `x-penstock-dropped` says so.',
  '(3) The package for this provider drops a refusal, so the answer is empty.',
];

const DOCUMENT = join(import.meta.dirname, '../../docs/compatibility.md');

/**
 * Each client dialect against each provider dialect, through the whole stack. What the two cannot say to each other
 * is expected here as such, with the reason, and stands in the table that is printed at the end.
 */
describe('every client on every provider', () => {
  const table = new Table(NAMES);
  let stack: Stack;
  let proxy: RecordingProxy;
  let validated = 0;
  let clients: readonly Client[];

  beforeAll(async () => {
    // A provider's failures close its deployment, so each cell that makes some has one of its own.
    const own = CLIENTS.flatMap((_, i) => ['cut', 'limited'].map((fault) => `${fault}-${i}`));
    const deployments = NAMES.flatMap((provider) =>
      ['well', ...own].map((name): Deployment => ({
        id: `${provider}/${name}`,
        provider,
        upstreamModel: 'sim',
        price: { input: 1, output: 1 },
        limits: { concurrency: 8 },
      })),
    );
    stack = await startStack({
      simulated: [modelOf('sim')],
      providers: PROVIDERS,
      deployments,
      models: deployments.map(({ id }) => ({
        name: id.replace('/', '-'),
        deployments: [id],
        maxOutputTokens: 4_096,
      })),
    });
    proxy = await startRecordingProxy(stack.url);
    clients = CLIENTS.map((make) => make(proxy.url, stack.keys.acme));
  });
  afterEach(() => {
    const { checked, complaints } = checkExchanges(proxy.take());
    validated += checked;
    expect(complaints).toEqual([]);
  });
  afterAll(async () => {
    await proxy.close();
    const legend = [...NOTES, `Answers held against the vendors' types: ${validated}.`].join('\n');
    process.stdout.write(`\n${table.draw()}\n\n${legend}\n\n`);
    await stack.close();
  });

  const clientNames = ['openai.chat', 'openai.responses', 'anthropic.messages', 'gemini.generate'];
  const pairs = clientNames.flatMap((name, index) => NAMES.map((provider) => ({ name, index, provider })));

  describe.each(pairs)('$name on $provider', ({ name, index, provider }) => {
    const client = () => {
      const found = clients[index];
      if (found?.name !== name) throw new Error(`${name} is not at ${index}.`);
      return found;
    };
    const cell = (feature: string, run: () => Promise<string>) =>
      it(feature, async () => table.set(name, feature, provider, await run()));
    const model = `${provider}-well`;
    /** Whole and streamed: an answer is the same either way. */
    const both = async (question: Parameters<Client['ask']>[1], check: (said: Said) => void) => {
      const whole = await client().ask(model, question);
      const streamed = await client().stream(model, question);
      check(whole);
      check(streamed);
      return { whole, streamed };
    };

    cell('text', async () => {
      await both({ text: '[[say: the river is high]]' }, (said) =>
        expect(said).toMatchObject({ text: 'the river is high', calls: [], inputTokens: 7, outputTokens: 5 }),
      );
      return 'yes';
    });

    cell('tools', async () => {
      await both({ text: '[[call: get_weather {"city":"Ghent"}]]', tools: true }, ({ calls }) =>
        expect(calls).toEqual([{ name: 'get_weather', input: { city: 'Ghent' } }]),
      );
      return 'yes';
    });

    cell('parallel tools', async () => {
      const text = '[[call: get_weather {"city":"Ghent"}]] [[call: get_time]]';
      await both({ text, tools: true }, ({ calls }) =>
        expect(calls).toEqual([
          { name: 'get_weather', input: { city: 'Ghent' } },
          { name: 'get_time', input: {} },
        ]),
      );
      return 'yes';
    });

    cell('JSON schema', async () => {
      const schemaLost = provider === 'together' && name !== 'openai.chat';
      await both({ text: 'How high?', schema: true }, ({ text }) =>
        expect(JSON.parse(text)).toEqual(
          schemaLost ? { answer: expect.any(String) } : { level: expect.any(Number) },
        ),
      );
      return schemaLost ? 'any JSON (2)' : 'yes';
    });

    cell('image in', async () => {
      await both({ text: 'eight ch', image: true }, ({ inputTokens }) => expect(inputTokens).toBe(87));
      return 'yes';
    });

    cell('reasoning', async () => {
      const question = { text: '[[reason: 20]] [[say: eight ch]]', reasoning: true };
      const { whole, streamed } = await both(question, (said) =>
        expect(said).toMatchObject({ text: 'eight ch', outputTokens: 22 }),
      );
      expect(streamed.reasoningTokens).toBe(whole.reasoningTokens);
      // 20 tokens of four characters each; what they are is another thing in every call.
      const lengths = [whole, streamed].map(({ reasoning }) => reasoning.length);
      const passedThrough = name.startsWith('openai');
      if (provider !== 'openai' || passedThrough) {
        for (const length of lengths) expect(length).toBeGreaterThan(76);
        return 'shown';
      }
      expect(lengths).toEqual([0, 0]);
      expect(whole.reasoningTokens).toBe(20);
      return 'counted (1)';
    });

    cell('stream', async () => {
      const said = await client().stream(model, { text: '[[say: the river is high and it is rising]]' });
      expect(said.text).toBe('the river is high and it is rising');
      expect(said.pieces).toBeGreaterThan(1);
      return 'yes';
    });

    cell('stream cut', async () => {
      const text = '[[say: the river is high and it is rising]] [[fault: cut; after=5]]';
      const error = await client()
        .stream(`${provider}-cut-${index}`, { text })
        .then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
      expect(client().readError(error)).toBe('broken');
      return 'error';
    });

    cell('429', async () => {
      const text = '[[fault: 429; retry-after-ms=60000]]';
      const error = await client()
        .ask(`${provider}-limited-${index}`, { text })
        .then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
      expect(client().readError(error)).toBe(429);
      return '429';
    });

    cell('refusal', async () => {
      const refusalLost = provider === 'together' && name !== 'openai.chat';
      await both({ text: '[[refuse]]' }, (said) =>
        expect(said).toMatchObject(refusalLost ? { text: '', calls: [], refused: false } : { refused: true }),
      );
      return refusalLost ? 'empty (3)' : 'yes';
    });
  });

  it('gives the table of docs/compatibility.md', async () => {
    if (!table.complete) throw new Error('A cell failed, or only some were run.');
    const present = readFileSync(DOCUMENT, 'utf8');
    const content = `${table.markdown()}\n\n${NOTES.join('\n\n')}`;
    const options = { ...(await resolveConfig(DOCUMENT)), parser: 'markdown' };
    const fresh = await format(
      withSection(present, 'matrix', 'test/conformance/matrix.test.ts', content),
      options,
    );
    if (process.env['WRITE_DOCS'] === '1') writeFileSync(DOCUMENT, fresh);
    else expect(present).toBe(fresh);
  });
});

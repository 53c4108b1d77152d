import { readFileSync } from 'node:fs';
import { textOf } from '../conformance/exercise-translation.js';
import { PlaybackServer } from '../conformance/playback-server.js';
import { generateWhole, playedProvider, PROMPT } from '../conformance/played-provider.js';
import { ADAPTER_NAMES, isAdapterName, type AdapterName } from './adapters.js';

const fixture = (path: string) => readFileSync(`${import.meta.dirname}/${path}`, 'utf8');

interface Expected {
  readonly answer: string;
  readonly path: string;
  readonly credential: readonly [header: string, value: string];
  readonly text: string;
  readonly speaks: readonly string[];
  readonly options?: Readonly<Record<string, string>>;
}

const CHAT = {
  answer: fixture('openai/fixtures/chat-completion.json'),
  path: '/base/chat/completions',
  credential: ['authorization', 'Bearer test-key'],
  text: 'wooden boardwalk',
  speaks: ['openai.chat'],
} as const;
const GEMINI = {
  answer: fixture('gemini/fixtures/content.json'),
  path: '/base/models/up-model:generateContent',
  credential: ['x-goog-api-key', 'test-key'],
  text: 'AI learns',
  speaks: ['gemini.generate'],
} as const;
const ALL_OPENAI = ['openai.chat', 'openai.completions', 'openai.embeddings', 'openai.responses'];

const EXPECTED: Readonly<Record<AdapterName, Expected>> = {
  openai: { ...CHAT, speaks: ALL_OPENAI },
  'openai-responses': {
    ...CHAT,
    answer: fixture('openai/fixtures/response.json'),
    path: '/base/responses',
    text: 'peaceful grove',
    speaks: ['openai.responses'],
  },
  'openai-compatible': { ...CHAT, speaks: ALL_OPENAI },
  anthropic: {
    answer: fixture('anthropic/fixtures/message.json'),
    path: '/base/messages',
    credential: ['x-api-key', 'test-key'],
    text: 'How can I assist',
    speaks: ['anthropic.messages'],
  },
  gemini: GEMINI,
  azure: { ...CHAT, credential: ['api-key', 'test-key'], speaks: ALL_OPENAI },
  bedrock: {
    answer: JSON.stringify({
      output: { message: { role: 'assistant', content: [{ text: 'Bedrock says hello' }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 30, outputTokens: 5, totalTokens: 35 },
      metrics: { latencyMs: 500 },
    }),
    path: '/base/model/up-model/converse',
    credential: ['authorization', 'Bearer test-key'],
    text: 'Bedrock says',
    speaks: [],
    options: { region: 'eu-central-1' },
  },
  vertex: { ...GEMINI, speaks: [] },
  cohere: {
    answer: JSON.stringify({
      generation_id: 'c14c80c3-18eb-4519-9460-6c92edd8cfb4',
      message: {
        role: 'assistant',
        content: [{ type: 'text', text: 'LLM stands for Large Language Model.' }],
      },
      finish_reason: 'COMPLETE',
      usage: {
        billed_units: { input_tokens: 5, output_tokens: 9 },
        tokens: { input_tokens: 71, output_tokens: 9 },
      },
    }),
    path: '/base/chat',
    credential: ['authorization', 'Bearer test-key'],
    text: 'LLM stands',
    speaks: [],
  },
  mistral: { ...CHAT, speaks: ['openai.chat', 'openai.embeddings'] },
  groq: { ...CHAT, speaks: ['openai.chat', 'openai.responses'] },
  xai: {
    ...CHAT,
    answer: fixture('openai/fixtures/response.json'),
    path: '/base/responses',
    text: 'peaceful grove',
    speaks: ['openai.chat', 'openai.responses'],
  },
  deepseek: CHAT,
  together: { ...CHAT, speaks: ['openai.chat', 'openai.completions', 'openai.embeddings'] },
  fireworks: { ...CHAT, speaks: ['openai.chat', 'openai.completions', 'openai.embeddings'] },
  perplexity: CHAT,
  cerebras: CHAT,
};

describe('the adapters', () => {
  let server: PlaybackServer;
  beforeAll(async () => {
    server = await PlaybackServer.start();
  });
  afterAll(() => server.close());

  it.each(ADAPTER_NAMES)('%s reaches its provider with a translated call', async (adapter) => {
    const { answer: body, path, credential, text, options } = EXPECTED[adapter];
    const { answer, request } = await generateWhole(server, adapter, PROMPT, body, options);
    expect(request.path).toBe(path);
    expect(request.headers[credential[0]]).toBe(credential[1]);
    expect(textOf(answer.result.content)).toContain(text);
    expect(answer.result.finishReason.unified).toBe('stop');
    expect(answer.usage).toMatchObject({ source: 'provider' });
  });

  it.each(ADAPTER_NAMES)('%s says which APIs it takes as they are', (adapter) => {
    const provider = playedProvider(server, adapter);
    const apis = [...ALL_OPENAI, 'anthropic.messages', 'gemini.generate'] as const;
    expect(apis.filter((api) => provider.speaks(api as 'openai.chat'))).toEqual(EXPECTED[adapter].speaks);
  });

  it('are known by name', () => {
    expect(isAdapterName('anthropic')).toBe(true);
    expect(isAdapterName('toString')).toBe(false);
  });
});

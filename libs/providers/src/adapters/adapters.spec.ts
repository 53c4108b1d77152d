import { readFileSync } from 'node:fs';
import type { CanonicalCall } from '@penstock/contracts';
import { systemClock } from '@penstock/resilience';
import { textOf } from '../conformance/exercise-translation.js';
import { PlaybackServer } from '../conformance/playback-server.js';
import { createProvider } from '../create-provider.js';
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

  const setup = (adapter: AdapterName, options?: Readonly<Record<string, string>>) =>
    createProvider(
      { adapter, name: 'p', baseUrl: `${server.url}/base`, apiKey: 'test-key', ...(options && { options }) },
      systemClock,
    );
  const generate = async (adapter: AdapterName, call: CanonicalCall, body: string) => {
    server.answer(
      (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(body),
    );
    const answer = await setup(adapter, EXPECTED[adapter].options).generate({
      call,
      stream: false,
      upstreamModel: 'up-model',
      attemptId: 'att_1',
      signal: new AbortController().signal,
      firstByteTimeoutMs: 5000,
      idleTimeoutMs: 5000,
    });
    if (answer.kind !== 'complete') throw new Error(JSON.stringify(answer));
    const request = await server.request();
    return { answer, request, sent: JSON.parse(request.body.toString()) as Record<string, unknown> };
  };
  const PROMPT: CanonicalCall = { prompt: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }] };

  it.each(ADAPTER_NAMES)('%s reaches its provider with a translated call', async (adapter) => {
    const { answer: body, path, credential, text } = EXPECTED[adapter];
    const { answer, request } = await generate(adapter, PROMPT, body);
    expect(request.path).toBe(path);
    expect(request.headers[credential[0]]).toBe(credential[1]);
    expect(textOf(answer.result.content)).toContain(text);
    expect(answer.result.finishReason.unified).toBe('stop');
    expect(answer.usage).toMatchObject({ source: 'provider' });
  });

  it.each(ADAPTER_NAMES)('%s says which APIs it takes as they are', (adapter) => {
    const provider = setup(adapter);
    const apis = [...ALL_OPENAI, 'anthropic.messages', 'gemini.generate'] as const;
    expect(apis.filter((api) => provider.speaks(api as 'openai.chat'))).toEqual(EXPECTED[adapter].speaks);
  });

  it('are known by name', () => {
    expect(isAdapterName('anthropic')).toBe(true);
    expect(isAdapterName('toString')).toBe(false);
  });

  const RICH: CanonicalCall = {
    prompt: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is in it?' },
          { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'iVBORw0KGgo=' } },
        ],
      },
      {
        role: 'assistant',
        content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: { at: 'it' } }],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'c1',
            toolName: 'look',
            output: { type: 'text', value: 'a cat' },
          },
        ],
      },
    ],
    tools: [
      {
        type: 'function',
        name: 'look',
        inputSchema: { type: 'object', properties: { at: { type: 'string' } } },
      },
    ],
    toolChoice: { type: 'required' },
    parallelToolCalls: false,
    maxOutputTokens: 4096,
    stopSequences: ['END'],
    topP: 0.5,
    user: 'user-1',
  };

  it('openai sends all that a rich call has, in its own words', async () => {
    const call: CanonicalCall = {
      ...RICH,
      seed: 7,
      topLogprobs: 2,
      metadata: { team: 'blue' },
      responseFormat: { type: 'json', name: 'out', schema: { type: 'object', properties: {} }, strict: true },
    };
    const { sent } = await generate('openai', call, CHAT.answer);
    expect(sent).toMatchObject({
      model: 'up-model',
      parallel_tool_calls: false,
      logprobs: true,
      top_logprobs: 2,
      seed: 7,
      stop: ['END'],
      top_p: 0.5,
      user: 'user-1',
      metadata: { team: 'blue' },
      tool_choice: 'required',
      response_format: { type: 'json_schema', json_schema: { name: 'out', strict: true } },
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text' }, { type: 'image_url' }] },
        {
          role: 'assistant',
          tool_calls: [{ id: 'c1', function: { name: 'look', arguments: '{"at":"it"}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'a cat' },
      ],
    });
    expect(sent).not.toHaveProperty('reasoningBudgetTokens');
  });

  it('anthropic sends all that a rich call has, in its own words', async () => {
    const { topP: _, ...rich } = RICH;
    const call: CanonicalCall = { ...rich, toolChoice: { type: 'auto' }, reasoningBudgetTokens: 2048 };
    const { sent, answer } = await generate('anthropic', call, EXPECTED.anthropic.answer);
    expect(sent).toMatchObject({
      model: 'up-model',
      stop_sequences: ['END'],
      metadata: { user_id: 'user-1' },
      thinking: { type: 'enabled', budget_tokens: 2048 },
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
      messages: [
        { role: 'user', content: [{ type: 'text' }, { type: 'image' }] },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'c1' }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1' }] },
      ],
    });
    expect(answer.result.content[0]).toMatchObject({
      type: 'reasoning',
      text: 'The user greets me.',
      providerMetadata: { anthropic: { signature: expect.stringContaining('EqQBCg') as string } },
    });
  });

  it('gemini sends all that a rich call has, in its own words', async () => {
    const { sent } = await generate('gemini', { ...RICH, reasoningBudgetTokens: 512 }, GEMINI.answer);
    expect(sent).toMatchObject({
      generationConfig: { stopSequences: ['END'], topP: 0.5, thinkingConfig: { thinkingBudget: 512 } },
      tools: [{ functionDeclarations: [{ name: 'look' }] }],
    });
  });

  it('hands on calls of tools and log probabilities', async () => {
    const body = JSON.stringify({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: null,
            tool_calls: [
              { id: 'c1', type: 'function', function: { name: 'look', arguments: '{"at":"a"}' } },
              { id: 'c2', type: 'function', function: { name: 'look', arguments: '{"at":"b"}' } },
            ],
          },
          logprobs: {
            content: [
              {
                token: 'x',
                logprob: -0.5,
                bytes: null,
                top_logprobs: [{ token: 'y', logprob: -1, bytes: null }],
              },
            ],
          },
          finish_reason: 'tool_calls',
        },
      ],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    });
    const { answer } = await generate('openai', PROMPT, body);
    expect(answer.result).toMatchObject({
      content: [
        { type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: '{"at":"a"}' },
        { type: 'tool-call', toolCallId: 'c2', toolName: 'look', input: '{"at":"b"}' },
      ],
      finishReason: { unified: 'tool-calls', raw: 'tool_calls' },
      logprobs: [{ token: 'x', logprob: -0.5, topLogprobs: [{ token: 'y', logprob: -1 }] }],
    });
  });
});

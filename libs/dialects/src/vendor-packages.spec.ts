import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import type { Api, CanonicalCall, CanonicalMessage, CanonicalResult } from '@penstock/contracts';
import { cut, identity, streamed } from './testing/answers.js';
import { translateRequest } from './translate-request.js';
import type { Translation } from './translation.js';

/**
 * The AI SDK's packages write the dialects from the one side and read them from the other. As clients of
 * Penstock they show that a call goes through a dialect and comes out as it went in, and that the answers
 * pass their schemas.
 */
const settings = { apiKey: 'none', baseURL: 'http://penstock.invalid' };

const packages: Partial<Record<Api, (fetch: typeof globalThis.fetch) => LanguageModelV4>> = {
  'openai.chat': (fetch) =>
    createOpenAICompatible({
      ...settings,
      name: 'any',
      fetch,
      includeUsage: true,
      supportsStructuredOutputs: true,
    }).chatModel('small'),
  'openai.responses': (fetch) => createOpenAI({ ...settings, fetch }).responses('small'),
  'anthropic.messages': (fetch) => createAnthropic({ ...settings, fetch })('claude-sonnet-4-5'),
  'gemini.generate': (fetch) => createGoogle({ ...settings, fetch })('gemini-3-pro'),
};
const apis = Object.keys(packages) as (keyof typeof packages)[];

const weather = {
  type: 'function' as const,
  name: 'weather',
  description: 'Looks out of the window.',
  inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

const prompt: CanonicalMessage[] = [
  { role: 'system', content: 'Be brief.' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'Where is this, and is it sunny?' },
      { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'iVBORw0KGgo=' } },
    ],
  },
  {
    role: 'assistant',
    content: [
      { type: 'text', text: 'Let me look.' },
      { type: 'tool-call', toolCallId: 'call_0', toolName: 'weather', input: { city: 'Rome' } },
    ],
  },
  {
    role: 'tool',
    content: [
      {
        type: 'tool-result',
        toolCallId: 'call_0',
        toolName: 'weather',
        output: { type: 'text', value: 'sunny' },
      },
    ],
  },
];

const call: CanonicalCall = {
  prompt,
  maxOutputTokens: 50,
  temperature: 0.5,
  tools: [weather],
  toolChoice: { type: 'required' },
};

const answer: CanonicalResult = {
  content: [
    { type: 'reasoning', text: 'Sun means warm.', providerMetadata: { anthropic: { signature: 'sig' } } },
    { type: 'text', text: 'It is sunny in Rome.' },
    { type: 'tool-call', toolCallId: 'call_1', toolName: 'weather', input: '{"city":"Oslo"}' },
  ],
  finishReason: { unified: 'tool-calls' },
  usage: { inputTokens: 20, cachedInputTokens: 5, outputTokens: 9, reasoningTokens: 3, source: 'provider' },
};

/** Ours promise to change nothing, and theirs do not: apart from that a canonical call is one of theirs. */
type Writable<T> = T extends URL
  ? T
  : T extends readonly (infer Item)[]
    ? Writable<Item>[]
    : T extends object
      ? { -readonly [Name in keyof T]: Writable<T[Name]> }
      : T;

/** The package as a client: what it sends is translated, and answered in its dialect. */
function connect(api: Api, asked: CanonicalCall = call) {
  let translation: Translation | undefined;
  const fetch = (url: string | URL | Request, init?: RequestInit) => {
    const body = init?.body as string;
    const read = translateRequest(api, new TextEncoder().encode(body));
    if (!read.ok) throw new Error(read.refusal.message);
    translation = read.value;
    const { stream } = JSON.parse(body) as { stream?: boolean };
    const response =
      stream === true || (url as string).includes('stream')
        ? new Response(streamed(read.value, cut(answer, 4, false)), {
            headers: { 'content-type': 'text/event-stream' },
          })
        : new Response(Buffer.from(read.value.renderResult(answer, identity)), {
            headers: { 'content-type': 'application/json' },
          });
    return Promise.resolve(response);
  };
  const make = packages[api];
  if (make === undefined) throw new Error(`no package speaks ${api}`);
  return {
    model: make(fetch),
    options: asked as Writable<CanonicalCall> satisfies LanguageModelV4CallOptions,
    translated: () => translation,
  };
}

describe.each(apis)("the AI SDK's package for %s", (api) => {
  it('sends a call that comes out as it went in', async () => {
    const { model, options, translated } = connect(api);
    await model.doGenerate(options);
    expect(translated()?.dropped).toEqual([]);
    const { prompt: asked, tools, ...settled } = translated()?.call ?? { prompt: [] };
    expect(asked.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool']);
    expect(asked[1]).toMatchObject(prompt[1] ?? {});
    expect(asked[2]).toMatchObject(prompt[2] ?? {});
    expect(JSON.stringify(asked[3])).toContain('sunny');
    expect(asked[3]).toMatchObject({ content: [{ toolCallId: 'call_0', toolName: 'weather' }] });
    expect(tools).toMatchObject([weather]);
    expect(settled).toMatchObject({
      maxOutputTokens: 50,
      temperature: 0.5,
      toolChoice: { type: 'required' },
    });
  });

  it('reads a whole answer', async () => {
    const { model, options } = connect(api);
    const { content, finishReason, usage } = await model.doGenerate(options);
    expect(content.flatMap((part) => (part.type === 'text' ? part.text : []))).toEqual([
      'It is sunny in Rome.',
    ]);
    expect(content.find((part) => part.type === 'tool-call')).toMatchObject({ toolName: 'weather' });
    expect(JSON.parse(String(content.find((part) => part.type === 'tool-call')?.input))).toEqual({
      city: 'Oslo',
    });
    expect(finishReason.unified).toBe('tool-calls');
    expect(usage.inputTokens).toMatchObject({ total: 20, cacheRead: 5 });
    expect(usage.outputTokens.total).toBe(9);
  });

  it('reads a streamed answer', async () => {
    const { model, options } = connect(api);
    const { stream } = await model.doStream(options);
    const parts: LanguageModelV4StreamPart[] = [];
    for await (const part of stream) parts.push(part);
    const deltas = (type: 'text-delta' | 'reasoning-delta') =>
      parts.map((part) => (part.type === type ? part.delta : '')).join('');
    expect(parts.filter((part) => part.type === 'error')).toEqual([]);
    expect(deltas('text-delta')).toBe('It is sunny in Rome.');
    expect(parts.find((part) => part.type === 'tool-call')).toMatchObject({ toolName: 'weather' });
    expect(parts.at(-1)).toMatchObject({
      type: 'finish',
      finishReason: { unified: 'tool-calls' },
      usage: { inputTokens: { total: 20 }, outputTokens: { total: 9 } },
    });
    if (api !== 'gemini.generate') expect(deltas('reasoning-delta')).toBe('Sun means warm.');
  });

  it('asks for an answer that fits a schema', async () => {
    const schema = { type: 'object', properties: { city: { type: 'string' } }, additionalProperties: false };
    const responseFormat = { type: 'json' as const, name: 'place', schema };
    const { model, options, translated } = connect(api, { prompt, responseFormat });
    await model.doGenerate(options);
    expect(translated()?.call.responseFormat).toMatchObject({
      type: 'json',
      schema: { type: 'object', properties: { city: { type: 'string' } } },
    });
  });
});

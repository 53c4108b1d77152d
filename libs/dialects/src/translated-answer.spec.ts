import Anthropic from '@anthropic-ai/sdk';
import {
  refusal,
  type Api,
  type CanonicalContent,
  type CanonicalResult,
  type CanonicalStreamPart,
  type FinishReason,
} from '@penstock/contracts';
import fc from 'fast-check';
import OpenAI from 'openai';
import { translateRequest } from './translate-request.js';
import type { Translation } from './translation.js';

const identity = { id: 'job-1', model: 'small', createdAtMs: 1_790_000_000_000 };
const GENERATIVE = [
  'openai.chat',
  'openai.completions',
  'openai.responses',
  'anthropic.messages',
  'gemini.generate',
] as const satisfies readonly Api[];

const bodies: Record<(typeof GENERATIVE)[number], object> = {
  'openai.chat': {
    model: 'small',
    messages: [{ role: 'user', content: 'Hi' }],
    stream: true,
    stream_options: { include_usage: true },
  },
  'openai.completions': {
    model: 'small',
    prompt: 'Hi',
    stream: true,
    stream_options: { include_usage: true },
  },
  'openai.responses': { model: 'small', input: 'Hi' },
  'anthropic.messages': { model: 'small', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] },
  'gemini.generate': {
    contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
    generationConfig: { thinkingConfig: { includeThoughts: true } },
  },
};

function translation(api: keyof typeof bodies, more: object = {}): Translation {
  const read = translateRequest(api, new TextEncoder().encode(JSON.stringify({ ...bodies[api], ...more })));
  if (!read.ok) throw new Error(read.refusal.message);
  return read.value;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const json = (bytes: Uint8Array) => JSON.parse(text(bytes));

function streamed(made: Translation, parts: Iterable<CanonicalStreamPart>): string {
  const renderer = made.startStream(identity);
  return [...parts].map((part) => text(renderer.render(part))).join('');
}

/** The payloads of a stream's events, `[DONE]` left out. */
function payloads(stream: string) {
  return stream
    .split('\n\n')
    .flatMap((event) => /^data: (\{.*\})$/m.exec(event)?.[1] ?? [])
    .map((data) => JSON.parse(data));
}

/** A result as a provider would stream it, its texts cut at these places. */
function* cut(result: CanonicalResult, size: number, callsWhole: boolean): Generator<CanonicalStreamPart> {
  yield { type: 'response-metadata', id: 'up-1', modelId: 'upstream' };
  for (const [index, part] of result.content.entries()) {
    const id = String(index);
    if (part.type === 'text' || part.type === 'reasoning') {
      yield { type: `${part.type}-start`, id };
      for (const delta of pieces(part.text, size)) yield { type: `${part.type}-delta`, id, delta };
      const metadata = part.providerMetadata;
      yield { type: `${part.type}-end`, id, ...(metadata ? { providerMetadata: metadata } : {}) };
    } else if (part.type === 'tool-call' && !callsWhole) {
      yield { type: 'tool-input-start', id: part.toolCallId, toolName: part.toolName };
      for (const delta of pieces(part.input, size))
        yield { type: 'tool-input-delta', id: part.toolCallId, delta };
      yield { type: 'tool-input-end', id: part.toolCallId };
      yield part;
    } else yield part;
  }
  const { finishReason, usage } = result;
  yield { type: 'finish', finishReason, ...(usage ? { usage } : {}) };
}

function pieces(whole: string, size: number): string[] {
  const found = [];
  for (let at = 0; at < whole.length; at += size) found.push(whole.slice(at, at + size));
  return found;
}

const words = fc.string({ unit: 'grapheme', maxLength: 40 });

const toolCall = fc.record({
  toolName: fc.constantFrom('weather', 'clock'),
  input: fc.dictionary(fc.string(), words),
});

const thought = fc.record({ text: words, signature: fc.option(fc.base64String(), { nil: undefined }) });

/** Answers of the kinds all dialects have: thoughts, a text, tool calls, in the order in which models make them. */
const result: fc.Arbitrary<CanonicalResult> = fc
  .record({
    thoughts: fc.array(thought, { maxLength: 2 }),
    text: words,
    calls: fc.array(toolCall, { maxLength: 3 }),
    reason: fc.constantFrom<FinishReason['unified']>(
      'stop',
      'length',
      'content-filter',
      'tool-calls',
      'other',
    ),
    tokens: fc.array(fc.nat(10_000), { minLength: 5, maxLength: 5 }),
  })
  .map(({ thoughts, text: said, calls, reason, tokens: [a = 0, b = 0, c = 0, d = 0, e = 0] }) => ({
    content: [
      ...thoughts.map((one): CanonicalContent => ({
        type: 'reasoning',
        text: one.text,
        ...(one.signature ? { providerMetadata: { anthropic: { signature: one.signature } } } : {}),
      })),
      { type: 'text' as const, text: said },
      ...calls.map((call, index): CanonicalContent => ({
        type: 'tool-call',
        toolCallId: `call-${index}`,
        toolName: call.toolName,
        input: JSON.stringify(call.input),
      })),
    ],
    finishReason: { unified: reason },
    usage: {
      inputTokens: a + b + c,
      cachedInputTokens: b,
      cacheWriteTokens: c,
      outputTokens: d + e,
      reasoningTokens: e,
      source: 'provider',
    },
  }));

const answers = fc.tuple(result, fc.integer({ min: 1, max: 7 }), fc.boolean());

/** A fetch that answers with this stream. */
const answering = (stream: string) => async () =>
  new Response(stream, { headers: { 'content-type': 'text/event-stream' } });

describe("a stream, put together by the vendor's own client, is the answer that is not streamed", () => {
  it('openai.chat', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async ([whole, size, callsWhole]) => {
        const made = translation('openai.chat');
        const fetch = answering(streamed(made, cut(whole, size, callsWhole)));
        const client = new OpenAI({ apiKey: 'none', baseURL: 'http://penstock.invalid', fetch });
        const stream = await client.chat.completions.create({ model: 'small', messages: [], stream: true });
        const put = {
          content: null as string | null,
          reasoning: '',
          calls: [] as object[],
          reason: '',
          usage: {},
        };
        for await (const { choices, usage } of stream) {
          if (usage) put.usage = usage;
          const [choice] = choices;
          if (!choice) continue;
          const delta = choice.delta as typeof choice.delta & { reasoning_content?: string };
          if (typeof delta.content === 'string') put.content = (put.content ?? '') + delta.content;
          put.reasoning += delta.reasoning_content ?? '';
          for (const call of delta.tool_calls ?? []) {
            const known = put.calls[call.index] as { function: { arguments: string } } | undefined;
            if (known) known.function.arguments += call.function?.arguments ?? '';
            else put.calls[call.index] = { id: call.id, type: call.type, function: { ...call.function } };
          }
          put.reason = choice.finish_reason ?? put.reason;
        }
        const answer = json(made.renderResult(whole, identity));
        expect(put).toEqual({
          content: answer.choices[0].message.content,
          reasoning: answer.choices[0].message.reasoning_content ?? '',
          calls: answer.choices[0].message.tool_calls ?? [],
          reason: answer.choices[0].finish_reason,
          usage: answer.usage,
        });
      }),
    );
  });

  it("openai.chat, in the client's own accumulator", async () => {
    const made = translation('openai.chat');
    const whole: CanonicalResult = {
      content: [
        { type: 'text', text: 'Let me look.' },
        { type: 'tool-call', toolCallId: 'a', toolName: 'weather', input: '{"city":"Paris"}' },
        { type: 'tool-call', toolCallId: 'b', toolName: 'clock', input: '{}' },
      ],
      finishReason: { unified: 'tool-calls' },
      usage: { inputTokens: 3, outputTokens: 5, source: 'provider' },
    };
    const fetch = answering(streamed(made, cut(whole, 3, false)));
    const client = new OpenAI({ apiKey: 'none', baseURL: 'http://penstock.invalid', fetch });
    const tools = ['weather', 'clock'].map((name) => ({ type: 'function' as const, function: { name } }));
    const stream = client.chat.completions.stream({ model: 'small', messages: [], tools });
    const completion = await stream.finalChatCompletion();
    const answer = json(made.renderResult(whole, identity));
    expect(completion).toMatchObject({ id: answer.id, model: answer.model, usage: answer.usage });
    expect(completion.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { content: 'Let me look.', tool_calls: answer.choices[0].message.tool_calls },
    });
  });

  it('openai.completions', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async ([whole, size, callsWhole]) => {
        const made = translation('openai.completions');
        const fetch = answering(streamed(made, cut(whole, size, callsWhole)));
        const client = new OpenAI({ apiKey: 'none', baseURL: 'http://penstock.invalid', fetch });
        const put = { text: '', reason: '', usage: {} };
        for await (const { choices, usage } of await client.completions.create({
          model: 'small',
          prompt: '',
          stream: true,
        })) {
          put.text += choices[0]?.text ?? '';
          put.reason = choices[0]?.finish_reason ?? put.reason;
          put.usage = usage ?? put.usage;
        }
        const answer = json(made.renderResult(whole, identity));
        expect(put).toEqual({
          text: answer.choices[0].text,
          reason: answer.choices[0].finish_reason,
          usage: answer.usage,
        });
      }),
    );
  });

  it('openai.responses', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async ([whole, size, callsWhole]) => {
        const made = translation('openai.responses');
        const bytes = streamed(made, cut(whole, size, callsWhole));
        const client = new OpenAI({
          apiKey: 'none',
          baseURL: 'http://penstock.invalid',
          fetch: answering(bytes),
        });
        const stream = client.responses.stream({ model: 'small', input: '' });
        const put: { type: string; text: string }[] = [];
        for await (const event of stream) {
          if (event.type === 'response.output_item.added')
            put[event.output_index] = { type: event.item.type, text: '' };
          else if ('delta' in event && 'output_index' in event) {
            const item = put[event.output_index];
            if (item) item.text += event.delta;
          }
        }
        const answer = json(made.renderResult(whole, identity));
        expect(await stream.finalResponse()).toMatchObject(answer);
        expect(put).toEqual(
          answer.output.map((item: Record<string, never>) => ({ type: item['type'], text: itemText(item) })),
        );
        expect(payloads(bytes).map((event) => event.sequence_number)).toEqual(
          payloads(bytes).map((_, at) => at),
        );
      }),
    );
  });

  it('anthropic.messages', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async ([whole, size, callsWhole]) => {
        const made = translation('anthropic.messages');
        const fetch = answering(streamed(made, cut(whole, size, callsWhole)));
        const client = new Anthropic({ apiKey: 'none', baseURL: 'http://penstock.invalid', fetch });
        const message = await client.messages
          .stream({ model: 'small', max_tokens: 1, messages: [] })
          .finalMessage();
        const answer = json(made.renderResult(whole, identity));
        expect(message.content.map(({ ...block }) => block)).toMatchObject(answer.content);
        expect(message.content).toHaveLength(answer.content.length);
        expect(message).toMatchObject({ id: answer.id, stop_reason: answer.stop_reason });
        expect(message.usage).toMatchObject(answer.usage);
      }),
    );
  });

  it('gemini.generate', () => {
    fc.assert(
      fc.property(answers, ([whole, size, callsWhole]) => {
        const made = translation('gemini.generate');
        const chunks = payloads(streamed(made, cut(whole, size, callsWhole)));
        const answer = json(made.renderResult(whole, identity));
        const parts = (list: { candidates: [{ content: { parts: object[] } }] }[]) =>
          joinTexts(list.flatMap((chunk) => chunk.candidates[0].content.parts));
        expect(parts(chunks)).toEqual(parts([answer]));
        expect(chunks.at(-1)).toMatchObject({
          candidates: [{ finishReason: answer.candidates[0].finishReason }],
          usageMetadata: answer.usageMetadata,
        });
      }),
    );
  });
});

function itemText(item: Record<string, never>): string {
  const { content, summary, arguments: args } = item as Record<string, { text: string }[] & string>;
  return (args as string | undefined) ?? (content ?? summary ?? []).map((part) => part.text).join('');
}

function joinTexts(parts: readonly { text?: string; thought?: boolean }[]) {
  const joined: { text?: string; thought?: boolean }[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last?.text !== undefined && part.text !== undefined && last.thought === part.thought)
      last.text += part.text;
    else joined.push({ ...part });
  }
  return joined;
}

const said: CanonicalStreamPart[] = [
  { type: 'text-start', id: '0' },
  { type: 'text-delta', id: '0', delta: 'Once' },
];
const done: CanonicalStreamPart = {
  type: 'finish',
  finishReason: { unified: 'stop' },
  usage: { inputTokens: 3, outputTokens: 1, source: 'provider' },
};

describe.each(GENERATIVE)('a stream of %s', (api) => {
  it('says nothing before the first content, so that another deployment may still take over', () => {
    const renderer = translation(api).startStream(identity);
    expect(renderer.render({ type: 'response-metadata', id: 'up-1' })).toHaveLength(0);
    expect(renderer.render({ type: 'text-start', id: '0' })).toHaveLength(0);
    expect(renderer.render({ type: 'text-delta', id: '0', delta: '' })).toHaveLength(0);
    expect(renderer.render({ type: 'text-delta', id: '0', delta: 'Once' }).length).toBeGreaterThan(0);
  });

  it('ends broken with an error and never says that it was done', () => {
    const renderer = translation(api).startStream(identity);
    const begun = said.map((part) => text(renderer.render(part))).join('');
    const failed = text(renderer.fail(refusal('stream_interrupted')));
    expect(failed).toContain('stream_interrupted');
    expect(begun + failed).not.toMatch(/\[DONE\]|message_stop|response\.completed|"finish_?[rR]eason":"/);
    expect(renderer.render(done)).toHaveLength(0);
    expect(renderer.fail(refusal('stream_interrupted'))).toHaveLength(0);
  });

  it('says nothing after its end', () => {
    const renderer = translation(api).startStream(identity);
    for (const part of said) renderer.render(part);
    expect(renderer.render(done).length).toBeGreaterThan(0);
    expect(renderer.render({ type: 'text-delta', id: '0', delta: 'more' })).toHaveLength(0);
    expect(renderer.fail(refusal('internal_error'))).toHaveLength(0);
  });

  it('of an answer without content begins and ends', () => {
    const bytes = streamed(translation(api), [done]);
    expect(payloads(bytes).length).toBeGreaterThan(0);
    expect(bytes).toMatch(/\[DONE\]|message_stop|response\.completed|"finishReason":"STOP"/);
  });
});

describe('usage in a stream', () => {
  it.each(['openai.chat', 'openai.completions'] as const)('is told only to who asked for it: %s', (api) => {
    const asked = streamed(translation(api), [...said, done]);
    expect(payloads(asked).at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 3, total_tokens: 4 },
    });
    const unasked = streamed(translation(api, { stream_options: null }), [...said, done]);
    expect(unasked).not.toContain('usage');
  });
});

describe('tool calls side by side', () => {
  const parts: CanonicalStreamPart[] = [
    { type: 'tool-input-start', id: 'a', toolName: 'weather' },
    { type: 'tool-input-delta', id: 'a', delta: '{"city"' },
    { type: 'tool-input-start', id: 'b', toolName: 'clock' },
    { type: 'tool-input-delta', id: 'b', delta: '{"zone"' },
    { type: 'tool-input-delta', id: 'a', delta: ':"Rome"}' },
    { type: 'tool-input-delta', id: 'b', delta: ':"CET"}' },
    { type: 'tool-input-end', id: 'a' },
    { type: 'tool-call', toolCallId: 'a', toolName: 'weather', input: '{"city":"Rome"}' },
    { type: 'tool-input-end', id: 'b' },
    { type: 'tool-call', toolCallId: 'b', toolName: 'clock', input: '{"zone":"CET"}' },
    { type: 'finish', finishReason: { unified: 'tool-calls' } },
  ];

  it('keep their places in a chat', () => {
    const deltas = payloads(streamed(translation('openai.chat'), parts)).flatMap(
      (chunk) => chunk.choices[0]?.delta.tool_calls ?? [],
    );
    const input = (index: number) =>
      deltas
        .filter((one) => one.index === index)
        .map((one) => one.function.arguments)
        .join('');
    expect([input(0), input(1)]).toEqual(['{"city":"Rome"}', '{"zone":"CET"}']);
    expect(deltas.filter((one) => one.id !== undefined)).toMatchObject([
      { index: 0, id: 'a', function: { name: 'weather' } },
      { index: 1, id: 'b', function: { name: 'clock' } },
    ]);
  });

  it("keep their places in a message, in the vendor's accumulator", async () => {
    const fetch = answering(streamed(translation('anthropic.messages'), parts));
    const client = new Anthropic({ apiKey: 'none', baseURL: 'http://penstock.invalid', fetch });
    const message = await client.messages
      .stream({ model: 'small', max_tokens: 1, messages: [] })
      .finalMessage();
    expect(message).toMatchObject({
      stop_reason: 'tool_use',
      content: [
        { type: 'tool_use', id: 'a', name: 'weather', input: { city: 'Rome' } },
        { type: 'tool_use', id: 'b', name: 'clock', input: { zone: 'CET' } },
      ],
    });
  });

  it('keep their places in a response', async () => {
    const events = payloads(streamed(translation('openai.responses'), parts));
    expect(events.at(-1)).toMatchObject({
      type: 'response.completed',
      response: {
        output: [
          { type: 'function_call', call_id: 'a', arguments: '{"city":"Rome"}', status: 'completed' },
          { type: 'function_call', call_id: 'b', arguments: '{"zone":"CET"}', status: 'completed' },
        ],
      },
    });
  });
});

describe('why the model stopped', () => {
  const reasons = (api: keyof typeof bodies, path: (answer: never) => unknown) =>
    (['stop', 'length', 'content-filter', 'tool-calls', 'other'] as const).map((unified) =>
      path(
        json(translation(api).renderResult({ content: [], finishReason: { unified } }, identity)) as never,
      ),
    );

  it('has a word in each dialect', () => {
    const choice = (answer: { choices: [{ finish_reason: string }] }) => answer.choices[0].finish_reason;
    expect(reasons('openai.chat', choice)).toEqual([
      'stop',
      'length',
      'content_filter',
      'tool_calls',
      'stop',
    ]);
    expect(reasons('openai.completions', choice)).toEqual([
      'stop',
      'length',
      'content_filter',
      'stop',
      'stop',
    ]);
    expect(reasons('anthropic.messages', (answer: { stop_reason: string }) => answer.stop_reason)).toEqual([
      'end_turn',
      'max_tokens',
      'refusal',
      'tool_use',
      'end_turn',
    ]);
    expect(
      reasons(
        'gemini.generate',
        (answer: { candidates: [{ finishReason: string }] }) => answer.candidates[0].finishReason,
      ),
    ).toEqual(['STOP', 'MAX_TOKENS', 'SAFETY', 'STOP', 'OTHER']);
    expect(
      reasons(
        'openai.responses',
        (answer: { status: string; incomplete_details: { reason: string } | null }) => [
          answer.status,
          answer.incomplete_details?.reason,
        ],
      ),
    ).toEqual([
      ['completed', undefined],
      ['incomplete', 'max_output_tokens'],
      ['incomplete', 'content_filter'],
      ['completed', undefined],
      ['completed', undefined],
    ]);
  });

  it("is a stop sequence in Anthropic's where the provider tells", () => {
    const finishReason = { unified: 'stop', stopSequence: 'END' } as const;
    expect(
      json(translation('anthropic.messages').renderResult({ content: [], finishReason }, identity)),
    ).toMatchObject({
      stop_reason: 'stop_sequence',
      stop_sequence: 'END',
    });
  });
});

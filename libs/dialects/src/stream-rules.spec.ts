import Anthropic from '@anthropic-ai/sdk';
import { refusal, type CanonicalStreamPart } from '@penstock/contracts';
import type OpenAI from 'openai';
import { answering, GENERATIVE, identity, payloads, streamed, text, translation } from './testing/answers.js';

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
    expect(failed).toMatch(/stream_interrupted/i);
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
    const chunks = payloads<OpenAI.ChatCompletionChunk>(streamed(translation('openai.chat'), parts));
    const deltas = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
    const input = (index: number) =>
      deltas
        .filter((one) => one.index === index)
        .map((one) => one.function?.arguments)
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

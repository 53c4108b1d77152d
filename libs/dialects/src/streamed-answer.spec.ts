import Anthropic from '@anthropic-ai/sdk';
import type { CanonicalResult } from '@penstock/contracts';
import fc from 'fast-check';
import OpenAI from 'openai';
import type { generateResponse } from './gemini/from-canonical.js';
import type { OutputItem } from './openai-responses/output-item.js';
import type { FinishedResponse } from './openai-responses/response-object.js';
import {
  answering,
  answers,
  cut,
  identity,
  json,
  payloads,
  streamed,
  translation,
} from './testing/answers.js';

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
          const delta = choice.delta as Thoughtful<typeof choice.delta>;
          if (typeof delta.content === 'string') put.content = (put.content ?? '') + delta.content;
          put.reasoning += delta.reasoning_content ?? '';
          for (const call of delta.tool_calls ?? []) {
            const known = put.calls[call.index] as { function: { arguments: string } } | undefined;
            if (known) known.function.arguments += call.function?.arguments ?? '';
            else put.calls[call.index] = { id: call.id, type: call.type, function: { ...call.function } };
          }
          put.reason = choice.finish_reason ?? put.reason;
        }
        const answer = json<OpenAI.ChatCompletion>(made.renderResult(whole, identity));
        const message = answer.choices[0]?.message as Thoughtful<OpenAI.ChatCompletionMessage>;
        expect(put).toEqual({
          content: message.content,
          reasoning: message.reasoning_content ?? '',
          calls: message.tool_calls ?? [],
          reason: answer.choices[0]?.finish_reason,
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
    const answer = json<OpenAI.ChatCompletion>(made.renderResult(whole, identity));
    expect(completion).toMatchObject({ id: answer.id, model: answer.model, usage: answer.usage });
    expect(completion.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { content: 'Let me look.', tool_calls: answer.choices[0]?.message.tool_calls },
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
        const answer = json<OpenAI.Completion>(made.renderResult(whole, identity));
        expect(put).toEqual({
          text: answer.choices[0]?.text,
          reason: answer.choices[0]?.finish_reason,
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
          else if ('delta' in event && 'output_index' in event && typeof event.delta === 'string') {
            const item = put[event.output_index];
            if (item) item.text += event.delta;
          }
        }
        const answer = json<FinishedResponse>(made.renderResult(whole, identity));
        expect(await stream.finalResponse()).toMatchObject(answer);
        expect(put).toEqual(answer.output.map((item) => ({ type: item.type, text: itemText(item) })));
        const events = payloads<{ sequence_number: number }>(bytes);
        expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, at) => at));
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
        const answer = json<Anthropic.Message>(made.renderResult(whole, identity));
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
        const chunks = payloads<GenerateResponse>(streamed(made, cut(whole, size, callsWhole)));
        const answer = json<GenerateResponse>(made.renderResult(whole, identity));
        const parts = (list: readonly GenerateResponse[]) =>
          joinTexts(list.flatMap((chunk) => chunk.candidates[0]?.content.parts ?? []));
        expect(parts(chunks)).toEqual(parts([answer]));
        expect(chunks.at(-1)).toMatchObject({
          candidates: [{ finishReason: answer.candidates[0]?.finishReason }],
          usageMetadata: answer.usageMetadata,
        });
      }),
    );
  });
});

type Thoughtful<Message> = Message & { readonly reasoning_content?: string };

type GenerateResponse = ReturnType<typeof generateResponse>;

function itemText(item: OutputItem): string {
  switch (item.type) {
    case 'message':
      return item.content.map((part) => part.text).join('');
    case 'reasoning':
      return item.summary.map((part) => part.text).join('');
    case 'function_call':
      return item.arguments;
  }
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

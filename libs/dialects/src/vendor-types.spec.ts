import type Anthropic from '@anthropic-ai/sdk';
import type { CanonicalResult } from '@penstock/contracts';
import type OpenAI from 'openai';
import { anthropicMessage } from './anthropic-messages/from-canonical.js';
import { chatCompletion } from './openai-chat/from-canonical.js';
import { textCompletion } from './openai-completions/from-canonical.js';
import type { FunctionCallOutput, MessageOutput, ReasoningOutput } from './openai-responses/output-item.js';
import type { FinishedResponse } from './openai-responses/response-object.js';
import { identity } from './testing/answers.js';

const result: CanonicalResult = {
  content: [
    { type: 'reasoning', text: 'hm' },
    { type: 'text', text: 'Sunny.' },
    { type: 'tool-call', toolCallId: 'c', toolName: 'weather', input: '{"city":"Rome"}' },
    { type: 'source', sourceType: 'url', id: 's', url: 'https://a.example/', title: 'A' },
    { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'QUJD' } },
  ],
  finishReason: { unified: 'tool-calls' },
  usage: { inputTokens: 10, cachedInputTokens: 4, outputTokens: 5, reasoningTokens: 2, source: 'provider' },
  logprobs: [{ token: 'é', logprob: -0.5, topLogprobs: [{ token: 'é', logprob: -0.5 }] }],
};

/** These compile only while the answers are of the types that the vendors' packages declare. */
describe("whole answers are of the vendors' own types", () => {
  it('a chat completion', () => {
    const answer = chatCompletion(result, identity) satisfies OpenAI.ChatCompletion;
    expect(answer).toEqual({
      id: 'chatcmpl-job-1',
      object: 'chat.completion',
      created: 1_790_000_000,
      model: 'small',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'Sunny.',
            refusal: null,
            reasoning_content: 'hm',
            tool_calls: [
              { id: 'c', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } },
            ],
            annotations: [
              {
                type: 'url_citation',
                url_citation: { url: 'https://a.example/', title: 'A', start_index: 0, end_index: 0 },
              },
            ],
            images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD' } }],
          },
          logprobs: {
            content: [
              {
                token: 'é',
                logprob: -0.5,
                bytes: [195, 169],
                top_logprobs: [{ token: 'é', logprob: -0.5, bytes: [195, 169] }],
              },
            ],
            refusal: null,
          },
          finish_reason: 'tool_calls',
        },
      ],
      usage: {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 15,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 2 },
      },
    });
  });

  it('a text completion', () => {
    const answer = textCompletion(result, identity) satisfies OpenAI.Completion;
    expect(answer.choices).toEqual([{ index: 0, text: 'Sunny.', logprobs: null, finish_reason: 'stop' }]);
  });

  it('a message, whose input tokens are those that no cache served', () => {
    const answer = anthropicMessage(result, identity) satisfies Anthropic.Message;
    expect(answer.content).toEqual([
      { type: 'thinking', thinking: 'hm', signature: '' },
      { type: 'text', text: 'Sunny.', citations: null },
      { type: 'tool_use', id: 'c', name: 'weather', input: { city: 'Rome' }, caller: { type: 'direct' } },
    ]);
    expect(answer.usage).toMatchObject({
      input_tokens: 6,
      cache_read_input_tokens: 4,
      output_tokens: 5,
      output_tokens_details: { thinking_tokens: 2 },
    });
  });

  it('the items of a response, and its own fields', () => {
    type Own = Pick<
      OpenAI.Responses.Response,
      'id' | 'object' | 'created_at' | 'status' | 'incomplete_details' | 'usage'
    >;
    const typed = [
      (item: MessageOutput): OpenAI.Responses.ResponseOutputMessage => item,
      (item: ReasoningOutput): OpenAI.Responses.ResponseReasoningItem => item,
      (item: FunctionCallOutput): OpenAI.Responses.ResponseFunctionToolCall => item,
      (response: FinishedResponse): Own => response,
    ];
    expect(typed).toHaveLength(4);
  });
});

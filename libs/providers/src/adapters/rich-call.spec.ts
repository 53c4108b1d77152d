import { readFileSync } from 'node:fs';
import type { CanonicalCall } from '@penstock/contracts';
import { PlaybackServer } from '../conformance/playback-server.js';
import { generateWhole, PROMPT } from '../conformance/played-provider.js';

const fixture = (path: string) => readFileSync(`${import.meta.dirname}/${path}`, 'utf8');

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

describe('a call with all that a call may have', () => {
  let server: PlaybackServer;
  beforeAll(async () => (server = await PlaybackServer.start()));
  afterAll(() => server.close());

  it('openai sends all that a rich call has, in its own words', async () => {
    const call: CanonicalCall = {
      ...RICH,
      seed: 7,
      topLogprobs: 2,
      metadata: { team: 'blue' },
      responseFormat: { type: 'json', name: 'out', schema: { type: 'object', properties: {} }, strict: true },
    };
    const { sent } = await generateWhole(
      server,
      'openai',
      call,
      fixture('openai/fixtures/chat-completion.json'),
    );
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
    const { sent, answer } = await generateWhole(
      server,
      'anthropic',
      call,
      fixture('anthropic/fixtures/message.json'),
    );
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
    const { sent } = await generateWhole(
      server,
      'gemini',
      { ...RICH, reasoningBudgetTokens: 512 },
      fixture('gemini/fixtures/content.json'),
    );
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
    const { answer } = await generateWhole(server, 'openai', PROMPT, body);
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

import { translateRequest } from '../translate-request.js';

const encode = (body: object) => new TextEncoder().encode(JSON.stringify(body));
const user = { role: 'user', content: 'Hi' };
const read = (more: object) =>
  translateRequest(
    'anthropic.messages',
    encode({ model: 'small', max_tokens: 50, messages: [user], ...more }),
  );

function translated(more: object) {
  const result = read(more);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

const prompt = (...messages: object[]) => translated({ messages }).call.prompt;

describe('a message between dialects', () => {
  it('has its sampling, bounds and caller', () => {
    const { call, dropped } = translated({
      temperature: 0.5,
      top_p: 0.9,
      top_k: 20,
      stop_sequences: ['END'],
      metadata: { user_id: 'u-1' },
      stream: true,
      service_tier: 'auto',
    });
    expect(dropped).toEqual([]);
    expect(call).toEqual({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
      maxOutputTokens: 50,
      temperature: 0.5,
      topP: 0.9,
      topK: 20,
      stopSequences: ['END'],
      user: 'u-1',
    });
  });

  it('has the system prompt first, with the marks of the cache', () => {
    const marked = { type: 'text', text: 'b', cache_control: { type: 'ephemeral' } };
    expect(translated({ system: [{ type: 'text', text: 'a' }, marked] }).call.prompt).toEqual([
      { role: 'system', content: 'a' },
      {
        role: 'system',
        content: 'b',
        providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } },
      },
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    ]);
  });

  it('takes tool results out of what the user says, in their order', () => {
    const use = { type: 'tool_use', id: 't1', name: 'weather', input: { city: 'Rome' } };
    const again = { type: 'tool_use', id: 't2', name: 'clock', input: {} };
    expect(
      prompt(
        { role: 'assistant', content: [use, again] },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'sunny' }] },
            { type: 'tool_result', tool_use_id: 't2', content: 'no clock', is_error: true },
            { type: 'text', text: 'And now?' },
          ],
        },
      ),
    ).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'tool-call', toolCallId: 't1', toolName: 'weather', input: { city: 'Rome' } },
          { type: 'tool-call', toolCallId: 't2', toolName: 'clock', input: {} },
        ],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 't1',
            toolName: 'weather',
            output: { type: 'content', value: [{ type: 'text', text: 'sunny' }] },
          },
          {
            type: 'tool-result',
            toolCallId: 't2',
            toolName: 'clock',
            output: { type: 'error-text', value: 'no clock' },
          },
        ],
      },
      { role: 'user', content: [{ type: 'text', text: 'And now?' }] },
    ]);
  });

  it('keeps thoughts with their signatures', () => {
    expect(
      prompt({
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hm', signature: 's' },
          { type: 'redacted_thinking', data: 'r' },
        ],
      }),
    ).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'hm', providerOptions: { anthropic: { signature: 's' } } },
          { type: 'reasoning', text: '', providerOptions: { anthropic: { redactedData: 'r' } } },
        ],
      },
    ]);
  });

  it('has images and documents', () => {
    const content = [
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'QUJD' } },
      { type: 'image', source: { type: 'url', url: 'https://a.example/cat.png' } },
      {
        type: 'document',
        title: 'Plan',
        citations: { enabled: true },
        source: { type: 'text', media_type: 'text/plain', data: 'one' },
      },
    ];
    expect(prompt({ role: 'user', content })).toEqual([
      {
        role: 'user',
        content: [
          { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'QUJD' } },
          {
            type: 'file',
            mediaType: 'image/*',
            data: { type: 'url', url: new URL('https://a.example/cat.png') },
          },
          {
            type: 'file',
            mediaType: 'text/plain',
            filename: 'Plan',
            data: { type: 'text', text: 'one' },
            providerOptions: { anthropic: { title: 'Plan', citations: { enabled: true } } },
          },
        ],
      },
    ]);
  });

  it('has tools, the choice among them, and one at a time', () => {
    const tool = { name: 'weather', description: 'Looks out.', input_schema: { type: 'object' } };
    const { call } = translated({
      tools: [tool],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
    });
    expect(call).toMatchObject({
      tools: [
        { type: 'function', name: 'weather', description: 'Looks out.', inputSchema: { type: 'object' } },
      ],
      toolChoice: { type: 'required' },
      parallelToolCalls: false,
    });
    expect(translated({ tool_choice: { type: 'tool', name: 'weather' } }).call.toolChoice).toEqual({
      type: 'tool',
      toolName: 'weather',
    });
  });

  it.each([
    [{ thinking: { type: 'enabled', budget_tokens: 2_000 } }, { reasoningBudgetTokens: 2_000 }],
    [{ thinking: { type: 'disabled' } }, { reasoning: 'none' }],
    [{ thinking: { type: 'adaptive' } }, { reasoning: 'high' }],
    [{ thinking: { type: 'adaptive' }, output_config: { effort: 'low' } }, { reasoning: 'low' }],
    [{ output_config: { effort: 'max' } }, { reasoning: 'xhigh' }],
  ])('reasons as much as %j', (more, expected) => {
    expect(translated(more).call).toMatchObject(expected);
  });

  it('has a schema for the answer', () => {
    const format = { type: 'json_schema', schema: { type: 'object' } };
    expect(translated({ output_config: { format } }).call.responseFormat).toEqual({
      type: 'json',
      schema: { type: 'object' },
      strict: true,
    });
  });

  it.each([
    [{ container: 'c' }, ['container']],
    [{ tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, ['tools[0]']],
    [{ thinking: { type: 'sideways' } }, ['thinking']],
  ])('lists what it drops of %j', (more, dropped) => {
    expect(translated(more).dropped).toEqual(dropped);
  });

  it.each([
    [{ type: 'image', source: { type: 'file', file_id: 'f' } }, 'messages[0].content[0].source'],
    [{ type: 'search_result', source: 's' }, 'messages[0].content[0]'],
  ])('refuses what would change the question: %j', (block, param) => {
    expect(read({ messages: [{ role: 'user', content: [block] }] })).toMatchObject({
      ok: false,
      refusal: { code: 'unprocessable', param },
    });
  });
});

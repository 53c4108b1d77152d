import { readRequest } from '../read-request.js';
import { translateRequest } from '../translate-request.js';
import { sealReasoning, unsealReasoning } from './sealed-reasoning.js';

const encode = (body: object) => new TextEncoder().encode(JSON.stringify(body));
const body = (more: object) => encode({ model: 'small', input: 'Hi', ...more });
const read = (more: object) => translateRequest('openai.responses', body(more));

function translated(more: object) {
  const result = read(more);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

describe('openai.responses', () => {
  it('reads model, stream and the bound on the answer', () => {
    expect(readRequest('openai.responses', body({ stream: true, max_output_tokens: 50 }))).toEqual({
      ok: true,
      value: { model: 'small', stream: true, estimatedInputTokens: 5, maxOutputTokens: 50 },
    });
  });

  it.each([
    [{ input: null }, 'input'],
    [{ input: [] }, 'input'],
    [{ input: [{ role: 'user' }] }, 'input[0].content'],
    [{ input: [{ type: 'message', role: 'robot', content: '' }] }, 'input[0].role'],
    [{ input: [{ type: 'function_call', name: 'f', arguments: '' }] }, 'input[0].call_id'],
    [{ input: [{ role: 'user', content: [{ type: 'input_text' }] }] }, 'input[0].content[0].text'],
    [{ max_output_tokens: 0 }, 'max_output_tokens'],
    [{ tools: [{ type: 'function' }] }, 'tools[0].name'],
    [{ text: { format: { type: 'json_schema', name: 'n' } } }, 'text.format.schema'],
  ])('refuses %j, naming the field', (more, param) => {
    expect(readRequest('openai.responses', body(more))).toMatchObject({
      refusal: { code: 'invalid_request', param },
    });
  });
});

describe('a response between dialects', () => {
  it('has its instructions, sampling and caller', () => {
    const { call, dropped } = translated({
      instructions: 'Be brief.',
      max_output_tokens: 50,
      temperature: 0.5,
      top_p: 0.9,
      reasoning: { effort: 'high', summary: 'auto' },
      include: ['reasoning.encrypted_content'],
      text: { format: { type: 'json_schema', name: 'city', schema: { type: 'object' }, strict: true } },
      parallel_tool_calls: false,
      metadata: { team: 'a' },
      safety_identifier: 'u-1',
      store: true,
      background: false,
      truncation: 'disabled',
    });
    expect(dropped).toEqual([]);
    expect(call).toEqual({
      prompt: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      ],
      maxOutputTokens: 50,
      temperature: 0.5,
      topP: 0.9,
      reasoning: 'high',
      responseFormat: { type: 'json', name: 'city', schema: { type: 'object' }, strict: true },
      parallelToolCalls: false,
      metadata: { team: 'a' },
      user: 'u-1',
    });
  });

  it('puts what the model thought, said and called in one turn into one message', () => {
    const input = [
      { role: 'user', content: [{ type: 'input_text', text: 'Weather?' }] },
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }] },
      {
        type: 'message',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'I look.', annotations: [] }],
      },
      { type: 'function_call', call_id: 'c1', name: 'weather', arguments: '{"city":"Rome"}' },
      { type: 'function_call_output', call_id: 'c1', output: 'sunny' },
    ];
    expect(translated({ input }).call.prompt).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'hm' },
          { type: 'text', text: 'I look.' },
          { type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input: { city: 'Rome' } },
        ],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'c1',
            toolName: 'weather',
            output: { type: 'text', value: 'sunny' },
          },
        ],
      },
    ]);
  });

  it("carries the secrets of any vendor's thoughts from turn to turn", () => {
    const secrets = { anthropic: { signature: 's' } };
    const sealed = sealReasoning(secrets);
    const input = [
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: sealed },
    ];
    expect(translated({ input }).call.prompt).toEqual([
      { role: 'assistant', content: [{ type: 'reasoning', text: 'hm', providerOptions: secrets }] },
    ]);
    const own = { openai: { reasoningEncryptedContent: 'gAAAA', itemId: 'rs_1' } };
    expect(unsealReasoning('gAAAA', 'rs_1')).toEqual(own);
    expect(sealReasoning(own)).toBe('gAAAA');
    expect(unsealReasoning('penstock.bm9uc2Vuc2U', 'rs_1')).toEqual({});
  });

  it.each([
    [{ truncation: 'auto' }, ['truncation']],
    [{ text: { verbosity: 'low' } }, ['text.verbosity']],
    [{ tools: [{ type: 'web_search' }] }, ['tools[0]']],
    [{ include: ['file_search_call.results'] }, ['include[0]']],
    [{ max_tool_calls: 3 }, ['max_tool_calls']],
  ])('lists what it drops of %j', (more, dropped) => {
    expect(translated(more).dropped).toEqual(dropped);
  });

  it.each([
    [{ previous_response_id: 'resp_1' }, 'previous_response_id'],
    [{ conversation: 'conv_1' }, 'conversation'],
    [{ input: [{ type: 'item_reference', id: 'x' }] }, 'input[0]'],
    [{ input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'f' }] }] }, 'input[0].content[0]'],
  ])('refuses what would change the question: %j', (more, param) => {
    expect(read(more)).toMatchObject({ ok: false, refusal: { code: 'unprocessable', param } });
  });
});

import { readRequest } from '../read-request.js';
import { readCountTokensRequest } from './read-request.js';

const encode = (body: object) => new TextEncoder().encode(JSON.stringify(body));
const user = { role: 'user', content: 'x'.repeat(40) };
const messages = (more: object = {}) => ({ model: 'small', max_tokens: 50, messages: [user], ...more });
const read = (body: object) => readRequest('anthropic.messages', encode(body));

describe('anthropic.messages', () => {
  it('reads model, stream and the bound on the answer', () => {
    expect(read(messages({ stream: true, system: 'y'.repeat(40) }))).toEqual({
      ok: true,
      value: { model: 'small', stream: true, estimatedInputTokens: 24, maxOutputTokens: 50 },
    });
  });

  it.each([
    [{ model: 'small', messages: [user] }, 'max_tokens'],
    [{ model: 'small', max_tokens: 5 }, 'messages'],
    [messages({ messages: [] }), 'messages'],
    [messages({ messages: [{ role: 'tool', content: '' }] }), 'messages[0].role'],
    [messages({ messages: [{ role: 'user' }] }), 'messages[0].content'],
    [messages({ messages: [{ role: 'user', content: [{ type: 'text' }] }] }), 'messages[0].content[0].text'],
    [
      messages({ messages: [{ role: 'user', content: [{ type: 'tool_result' }] }] }),
      'messages[0].content[0].tool_use_id',
    ],
    [messages({ system: 5 }), 'system'],
    [messages({ system: [{ type: 'image' }] }), 'system[0].type'],
    [messages({ temperature: 1.5 }), 'temperature'],
    [messages({ tools: [{}] }), 'tools[0].name'],
    [messages({ tool_choice: { type: 'tool' } }), 'tool_choice.name'],
    [messages({ thinking: { type: 'enabled' } }), 'thinking.budget_tokens'],
    [messages({ stop_sequences: 'END' }), 'stop_sequences'],
  ])('refuses %j, naming the field', (body, param) => {
    expect(read(body)).toMatchObject({ ok: false, refusal: { code: 'invalid_request', param } });
  });

  it('passes blocks, tools and fields that it does not know', () => {
    const content = [{ type: 'search_result', source: 's' }];
    const tools = [{ type: 'web_search_20250305', name: 'web_search' }];
    expect(read(messages({ messages: [{ role: 'user', content }], tools, mcp_servers: [] })).ok).toBe(true);
  });

  it('counts images, documents and tools', () => {
    const image = {
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: 'x'.repeat(9_999) },
    };
    const result = { type: 'tool_result', tool_use_id: 't', content: [image] };
    expect(read(messages({ messages: [{ role: 'user', content: [image, result] }] }))).toMatchObject({
      value: { estimatedInputTokens: 2_004 },
    });
  });
});

describe('count_tokens', () => {
  it('needs no bound on the answer and has no answer', () => {
    expect(readCountTokensRequest(encode({ model: 'small', messages: [user] }))).toEqual({
      ok: true,
      value: { model: 'small', stream: false, estimatedInputTokens: 14, maxOutputTokens: 0 },
    });
    expect(readCountTokensRequest(encode({ model: 'small' }))).toMatchObject({
      refusal: { param: 'messages' },
    });
  });
});

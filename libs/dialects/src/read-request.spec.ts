import fc from 'fast-check';
import type { Api } from '@penstock/contracts';
import { readRequest } from './read-request.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (api: Api, body: unknown) => readRequest(api, bytes(JSON.stringify(body)));

const user = { role: 'user', content: 'Hello there!' };
const chat = (more: object = {}) => ({ model: 'small', messages: [user], ...more });

function refused(api: Api, body: unknown) {
  const result = read(api, body);
  if (result.ok) throw new Error('was not refused');
  return result.refusal;
}

function summary(api: Api, body: unknown) {
  const result = read(api, body);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

describe('a body that is no request at all', () => {
  it.each([
    ['nothing', ''],
    ['half an object', '{"model": "small", "messages": ['],
    ['a stray character', '{"model": @}'],
    ['a byte order mark', '\ufeff{}'],
    ['two objects', '{}{}'],
  ])('is refused as malformed JSON: %s', (_, text) => {
    expect(readRequest('openai.chat', bytes(text))).toMatchObject({ refusal: { code: 'malformed_json' } });
  });

  it('is refused as malformed when it is not UTF-8', () => {
    const body = Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d);
    expect(readRequest('openai.chat', body)).toMatchObject({ refusal: { code: 'malformed_json' } });
  });

  it('says where the JSON breaks and repeats none of it', () => {
    const result = readRequest('openai.chat', bytes('{"model": "small", "secret text" }'));
    expect(result).toMatchObject({ refusal: { message: expect.stringMatching(/see character \d+/) } });
    expect(JSON.stringify(result)).not.toContain('secret');
  });

  it.each(['[]', '"text"', '17', 'null', 'true'])('is refused when it is no object: %s', (text) => {
    expect(readRequest('openai.chat', bytes(text))).toMatchObject({ refusal: { code: 'invalid_request' } });
  });

  it.each([
    ['arrays', (depth: number) => '['.repeat(depth)],
    ['objects', (depth: number) => '{"a":'.repeat(depth)],
    ['after a long string', (depth: number) => `{"a":"${'\\"'.repeat(80)}","b":` + '['.repeat(depth)],
  ])('is refused before it is parsed when it nests without end: %s', (_, bomb) => {
    expect(readRequest('openai.chat', bytes(bomb(100_000)))).toMatchObject({
      refusal: { code: 'invalid_request', message: expect.stringContaining('levels deep') },
    });
  });

  it('counts no brackets inside of strings', () => {
    for (const text of ['['.repeat(500), '\\"['.repeat(500), '\\\\'.repeat(50), `${'x'.repeat(70)}\\\\`]) {
      const body = `{"model":"small","messages":[{"role":"user","content":"${text}"}]}`;
      expect(readRequest('openai.chat', bytes(body))).toMatchObject({ ok: true });
    }
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (body) => {
        expect(readRequest('openai.chat', body).ok).toBe(false);
      }),
    );
  });

  it('never throws, whatever the JSON', () => {
    const value = fc.jsonValue();
    const almost = fc.record({ model: value, messages: fc.oneof(value, fc.array(value)), tools: value });
    fc.assert(
      fc.property(fc.oneof(almost, value), (body) => {
        expect(typeof read('openai.chat', body).ok).toBe('boolean');
      }),
    );
  });
});

describe('a key __proto__', () => {
  it('gives the body no fields and objects no prototype', () => {
    const body =
      '{"__proto__": {"model": "small", "polluted": true}, "messages": [{"role":"user","content":""}]}';
    expect(readRequest('openai.chat', bytes(body))).toMatchObject({ refusal: { param: 'model' } });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each(['constructor', 'toString', '__proto__'])('%s is no role', (role) => {
    expect(refused('openai.chat', chat({ messages: [{ role, content: '' }] })).param).toBe(
      'messages[0].role',
    );
  });
});

describe('openai.chat', () => {
  it('reads model, stream and the bound on the answer', () => {
    expect(summary('openai.chat', chat({ stream: true, max_completion_tokens: 20, max_tokens: 9 }))).toEqual({
      model: 'small',
      stream: true,
      estimatedInputTokens: 7,
      maxOutputTokens: 20,
    });
  });

  it('takes the older name of the bound, and every choice at its longest', () => {
    expect(summary('openai.chat', chat({ max_tokens: 50, n: 3 })).maxOutputTokens).toBe(150);
    expect(summary('openai.chat', chat()).maxOutputTokens).toBeUndefined();
  });

  it.each([
    [{ messages: [user] }, 'model', /Missing required parameter: 'model'/],
    [chat({ model: 5 }), 'model', /expected a string, but got an integer/],
    [chat({ model: null }), 'model', /Missing/],
    [chat({ model: '' }), 'model', /not empty/],
    [{ model: 'small' }, 'messages', /Missing/],
    [chat({ messages: [] }), 'messages', /at least 1/],
    [chat({ messages: {} }), 'messages', /expected an array, but got an object/],
    [chat({ messages: ['hi'] }), 'messages[0]', /expected an object, but got a string/],
    [chat({ messages: [user, { content: 'x' }] }), 'messages[1].role', /Missing/],
    [
      chat({ messages: [{ role: 'robot', content: 'x' }] }),
      'messages[0].role',
      /one of 'developer', 'system'/,
    ],
    [chat({ messages: [{ role: 'user' }] }), 'messages[0].content', /Missing/],
    [chat({ messages: [{ role: 'user', content: 5 }] }), 'messages[0].content', /string or an array/],
    [chat({ messages: [{ role: 'user', content: [{}] }] }), 'messages[0].content[0].type', /Missing/],
    [
      chat({ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] }),
      'messages[0].content[0].image_url.url',
      /Missing/,
    ],
    [chat({ messages: [{ role: 'tool', content: 'x' }] }), 'messages[0].tool_call_id', /Missing/],
    [
      chat({ messages: [{ role: 'assistant', tool_calls: [{ id: 'a', type: 'function' }] }] }),
      'messages[0].tool_calls[0].function',
      /Missing/,
    ],
    [chat({ stream: 'yes' }), 'stream', /expected a boolean, but got a string/],
    [
      chat({ stream_options: { include_usage: true } }),
      'stream_options',
      /only allowed when 'stream' is true/,
    ],
    [chat({ max_tokens: 0 }), 'max_tokens', /at least 1/],
    [chat({ max_tokens: 1.5 }), 'max_tokens', /expected an integer, but got a number/],
    [chat({ max_completion_tokens: -1 }), 'max_completion_tokens', /at least 1/],
    [chat({ temperature: 2.1 }), 'temperature', /from 0 to 2/],
    [chat({ temperature: '1' }), 'temperature', /expected a number/],
    [chat({ top_p: 1.1 }), 'top_p', /from 0 to 1/],
    [chat({ n: 0 }), 'n', /from 1 to 128/],
    [chat({ stop: 5 }), 'stop', /string or an array/],
    [chat({ stop: ['a', 5] }), 'stop[1]', /expected a string/],
    [chat({ tools: [{ type: 'function' }] }), 'tools[0].function', /Missing/],
    [chat({ tools: [{ type: 'function', function: {} }] }), 'tools[0].function.name', /Missing/],
    [chat({ tool_choice: 'maybe' }), 'tool_choice', /one of 'none', 'auto', 'required'/],
    [chat({ response_format: { type: 'xml' } }), 'response_format.type', /one of/],
    [chat({ response_format: { type: 'json_schema' } }), 'response_format.json_schema', /Missing/],
  ])('refuses %j, naming the field', (body, param, message) => {
    expect(refused('openai.chat', body)).toMatchObject({
      code: 'invalid_request',
      param,
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ['fields it does not know', { mystery: { deep: [1] }, top_k: 40 }],
    ['null for absent', { stream: null, max_tokens: null, tools: null, stop: null, temperature: null }],
    [
      'parts of other vendors',
      { messages: [{ role: 'user', content: [{ type: 'video_url', video_url: {} }] }] },
    ],
    ['tools of other vendors', { tools: [{ type: 'web_search' }] }],
    ['an assistant that only called tools', { messages: [user, { role: 'assistant', content: null }] }],
    ['stream options on a stream', { stream: true, stream_options: { include_usage: true } }],
  ])('passes %s', (_, more) => {
    expect(read('openai.chat', chat(more)).ok).toBe(true);
  });

  it('counts a token for four characters, four for a message, a constant for an attachment', () => {
    const words = (length: number) => 'x'.repeat(length);
    const part = (type: string, more: object = {}) => ({
      type,
      [type]: { url: 'u', data: 'd', format: 'f', ...more },
    });
    const estimate = (...messages: object[]) =>
      summary('openai.chat', chat({ messages })).estimatedInputTokens;
    expect(estimate({ role: 'user', content: words(400) })).toBe(104);
    expect(estimate({ role: 'system', content: words(40) }, { role: 'user', content: words(40) })).toBe(28);
    expect(estimate({ role: 'user', content: [{ type: 'text', text: words(40) }, part('image_url')] })).toBe(
      1_014,
    );
    expect(estimate({ role: 'user', content: [part('input_audio'), part('file')] })).toBe(4_004);
  });

  it('counts tools and schemas about as long as they are written', () => {
    const schema = {
      type: 'object',
      properties: { city: { type: 'string', description: 'The city to look up.' } },
    };
    const tools = [{ type: 'function', function: { name: 'weather', parameters: schema } }];
    const plain = summary('openai.chat', chat()).estimatedInputTokens;
    const counted = summary('openai.chat', chat({ tools })).estimatedInputTokens - plain;
    const written = JSON.stringify(tools).length / 4;
    expect(counted / written).toBeGreaterThan(0.8);
    expect(counted / written).toBeLessThan(1.2);
  });

  it('never estimates less for a longer request', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.string(), (texts, one) => {
        const messages = texts.map((content) => ({ role: 'user', content }));
        const longer = [...messages, { role: 'user', content: one }];
        expect(summary('openai.chat', chat({ messages: longer })).estimatedInputTokens).toBeGreaterThan(
          summary('openai.chat', chat({ messages })).estimatedInputTokens,
        );
      }),
    );
  });
});

describe('openai.completions', () => {
  const completion = (more: object = {}) => ({ model: 'small', prompt: 'Once upon', ...more });

  it('reads texts and token ids, and the sixteen tokens the API generates by default', () => {
    expect(summary('openai.completions', completion())).toEqual({
      model: 'small',
      stream: false,
      estimatedInputTokens: 3,
      maxOutputTokens: 16,
    });
    expect(summary('openai.completions', completion({ prompt: [5, 6, 7] })).estimatedInputTokens).toBe(3);
    expect(summary('openai.completions', completion({ prompt: [[5, 6], [7]] })).estimatedInputTokens).toBe(3);
  });

  it('bounds the answer for every prompt and every candidate', () => {
    const body = completion({ prompt: ['one', 'two'], max_tokens: 10, n: 2, best_of: 5 });
    expect(summary('openai.completions', body).maxOutputTokens).toBe(100);
    expect(summary('openai.completions', completion({ max_tokens: 0 })).maxOutputTokens).toBe(0);
  });

  it.each([
    [{ model: 'small' }, 'prompt'],
    [completion({ prompt: '' }), 'prompt'],
    [completion({ prompt: [] }), 'prompt'],
    [completion({ prompt: [1.5] }), 'prompt[0]'],
    [completion({ prompt: ['a', ''] }), 'prompt[1]'],
    [completion({ logprobs: true }), 'logprobs'],
    [completion({ best_of: 21 }), 'best_of'],
  ])('refuses %j, naming the field', (body, param) => {
    expect(refused('openai.completions', body)).toMatchObject({ code: 'invalid_request', param });
  });
});

describe('openai.embeddings', () => {
  it('has input and no output', () => {
    expect(summary('openai.embeddings', { model: 'embed', input: ['abcd', 'efgh'] })).toEqual({
      model: 'embed',
      stream: false,
      estimatedInputTokens: 2,
      maxOutputTokens: 0,
    });
    expect(summary('openai.embeddings', { model: 'embed', input: [[1, 2, 3]] }).estimatedInputTokens).toBe(3);
  });

  it.each([
    [{ model: 'embed' }, 'input'],
    [{ model: 'embed', input: '' }, 'input'],
    [{ model: 'embed', input: ['a', null] }, 'input[1]'],
    [{ model: 'embed', input: 'a', encoding_format: 'hex' }, 'encoding_format'],
    [{ model: 'embed', input: 'a', dimensions: 0 }, 'dimensions'],
  ])('refuses %j, naming the field', (body, param) => {
    expect(refused('openai.embeddings', body)).toMatchObject({ code: 'invalid_request', param });
  });
});

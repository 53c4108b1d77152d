import { translateRequest } from '../translate-request.js';

const encode = (body: object) => new TextEncoder().encode(JSON.stringify(body));
const user = { role: 'user', content: 'Hi' };
const read = (more: object) =>
  translateRequest('openai.chat', encode({ model: 'small', messages: [user], ...more }));

function translated(more: object) {
  const result = read(more);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

const prompt = (...messages: object[]) => translated({ messages }).call.prompt;

describe('a chat between dialects', () => {
  it('has its sampling, bounds and caller', () => {
    const { call, dropped } = translated({
      max_completion_tokens: 50,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 20,
      presence_penalty: 1,
      frequency_penalty: -1,
      seed: 7,
      stop: 'END',
      logprobs: true,
      top_logprobs: 2,
      reasoning_effort: 'low',
      parallel_tool_calls: false,
      user: 'u-1',
      metadata: { team: 'a' },
      stream: true,
      stream_options: { include_usage: true },
      store: false,
      service_tier: 'flex',
      modalities: ['text'],
      n: 1,
    });
    expect(dropped).toEqual([]);
    expect(call).toEqual({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
      maxOutputTokens: 50,
      temperature: 0.5,
      topP: 0.9,
      topK: 20,
      presencePenalty: 1,
      frequencyPenalty: -1,
      seed: 7,
      stopSequences: ['END'],
      topLogprobs: 2,
      reasoning: 'low',
      parallelToolCalls: false,
      user: 'u-1',
      metadata: { team: 'a' },
    });
  });

  it('has no field for what the client left out or set to null', () => {
    expect(Object.keys(translated({ temperature: null, tools: null, stop: null }).call)).toEqual(['prompt']);
  });

  it('keeps roles, and joins the texts of a system message', () => {
    expect(
      prompt(
        {
          role: 'developer',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
        { role: 'user', content: [{ type: 'text', text: 'c' }] },
        { role: 'assistant', content: 'd', reasoning_content: 'hm', refusal: null },
      ),
    ).toEqual([
      { role: 'system', content: 'a\nb' },
      { role: 'user', content: [{ type: 'text', text: 'c' }] },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'hm' },
          { type: 'text', text: 'd' },
        ],
      },
    ]);
  });

  it('has images by URL and by value, sound and documents', () => {
    const parts = [
      { type: 'image_url', image_url: { url: 'https://a.example/cat.png', detail: 'low' } },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD' } },
      { type: 'input_audio', input_audio: { data: 'QUJD', format: 'mp3' } },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,QUJD' } },
    ];
    expect(prompt({ role: 'user', content: parts })).toEqual([
      {
        role: 'user',
        content: [
          {
            type: 'file',
            mediaType: 'image/*',
            data: { type: 'url', url: new URL('https://a.example/cat.png') },
            providerOptions: { openai: { imageDetail: 'low' } },
          },
          { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'QUJD' } },
          { type: 'file', mediaType: 'audio/mpeg', data: { type: 'data', data: 'QUJD' } },
          {
            type: 'file',
            mediaType: 'application/pdf',
            filename: 'a.pdf',
            data: { type: 'data', data: 'QUJD' },
          },
        ],
      },
    ]);
  });

  it('gives tool results the name of the call they answer', () => {
    const call = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } };
    expect(
      prompt(
        user,
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: 'c1', content: 'sunny' },
      ).slice(1),
    ).toEqual([
      {
        role: 'assistant',
        content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input: { city: 'Rome' } }],
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

  it('keeps arguments that a model got wrong as they are', () => {
    const call = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":' } };
    expect(prompt({ role: 'assistant', tool_calls: [call] })).toMatchObject([
      { content: [{ input: '{"city":' }] },
    ]);
  });

  it("carries the signature of Google's thoughts and the marks of Anthropic's cache", () => {
    const call = {
      id: 'c1',
      type: 'function',
      function: { name: 'weather', arguments: '{}' },
      extra_content: { google: { thought_signature: 'sig' } },
    };
    const marked = { type: 'text', text: 'long', cache_control: { type: 'ephemeral', ttl: '1h' } };
    expect(
      prompt({ role: 'system', content: [marked] }, { role: 'assistant', tool_calls: [call] }),
    ).toMatchObject([
      { providerOptions: { anthropic: { cacheControl: { type: 'ephemeral', ttl: '1h' } } } },
      { content: [{ providerOptions: { google: { thoughtSignature: 'sig' } } }] },
    ]);
  });

  it('has tools and the choice among them', () => {
    const weather = {
      type: 'function',
      function: { name: 'weather', description: 'Looks out.', parameters: { type: 'object' }, strict: true },
    };
    const { call } = translated({
      tools: [weather, { type: 'function', function: { name: 'clock' } }],
      tool_choice: { type: 'function', function: { name: 'clock' } },
    });
    expect(call.tools).toEqual([
      {
        type: 'function',
        name: 'weather',
        description: 'Looks out.',
        inputSchema: { type: 'object' },
        strict: true,
      },
      { type: 'function', name: 'clock', inputSchema: { type: 'object', properties: {} } },
    ]);
    expect(call.toolChoice).toEqual({ type: 'tool', toolName: 'clock' });
    expect(translated({ tool_choice: 'required' }).call.toolChoice).toEqual({ type: 'required' });
  });

  it.each([
    [{ type: 'text' }, { type: 'text' }],
    [{ type: 'json_object' }, { type: 'json' }],
    [
      { type: 'json_schema', json_schema: { name: 'city', schema: { type: 'object' }, strict: true } },
      { type: 'json', name: 'city', schema: { type: 'object' }, strict: true },
    ],
  ])('has the response format %j', (response_format, expected) => {
    expect(translated({ response_format }).call.responseFormat).toEqual(expected);
  });

  it.each([
    [{ logit_bias: { 5: 1 } }, ['logit_bias']],
    [{ n: 2 }, ['n']],
    [{ store: true }, ['store']],
    [{ audio: {}, modalities: ['text', 'audio'] }, ['audio', 'modalities']],
    [{ mystery: 1, other: null }, ['mystery']],
    [{ tools: [{ type: 'web_search' }] }, ['tools[0]']],
    [{ tool_choice: { type: 'allowed_tools' } }, ['tool_choice']],
    [{ response_format: { type: 'grammar' } }, ['response_format']],
    [{ reasoning_effort: 'heroic' }, ['reasoning_effort']],
    [{ messages: [{ ...user, name: 'Ann' }] }, ['messages[0].name']],
    [{ functions: [{ name: 'f' }] }, ['functions']],
  ])('lists what it drops of %j', (more, dropped) => {
    expect([...translated(more).dropped].sort()).toEqual(dropped);
  });

  it.each([
    [
      { role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] },
      'messages[0].content[0].file',
    ],
    [{ role: 'user', content: [{ type: 'video_url', video_url: {} }] }, 'messages[0].content[0]'],
    [
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'file:///etc/passwd' } }] },
      'messages[0].content[0].image_url.url',
    ],
    [{ role: 'function', name: 'f', content: 'x' }, 'messages[0]'],
  ])('refuses what would change the question: %j', (message, param) => {
    expect(read({ messages: [message] })).toMatchObject({
      ok: false,
      refusal: { code: 'unprocessable', param },
    });
  });
});

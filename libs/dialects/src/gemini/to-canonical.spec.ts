import { readRequest } from '../read-request.js';
import { translateRequest } from '../translate-request.js';

const encode = (body: object) => new TextEncoder().encode(JSON.stringify(body));
const hi = { role: 'user', parts: [{ text: 'Hi' }] };
const body = (more: object) => encode({ contents: [hi], ...more });
const read = (more: object) => translateRequest('gemini.generate', body(more));

function translated(more: object) {
  const result = read(more);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

describe('gemini.generate', () => {
  it('takes model and stream from the path, and else the model from the body', () => {
    const bounded = body({
      model: 'models/other',
      generationConfig: { maxOutputTokens: 50, candidateCount: 2 },
    });
    expect(readRequest('gemini.generate', bounded, { model: 'small', stream: true })).toEqual({
      ok: true,
      value: { model: 'small', stream: true, estimatedInputTokens: 5, maxOutputTokens: 100 },
    });
    expect(readRequest('gemini.generate', bounded)).toMatchObject({
      value: { model: 'other', stream: false },
    });
    expect(readRequest('gemini.generate', body({}))).toMatchObject({ refusal: { param: 'model' } });
  });

  it.each([
    [{ contents: [] }, 'contents'],
    [{ contents: [{ role: 'robot', parts: [] }] }, 'contents[0].role'],
    [{ contents: [{ parts: [{ text: 5 }] }] }, 'contents[0].parts[0].text'],
    [
      { contents: [{ parts: [{ inline_data: { mime_type: 'image/png' } }] }] },
      'contents[0].parts[0].inlineData.data',
    ],
    [{ generation_config: { temperature: 3 } }, 'generationConfig.temperature'],
    [{ tools: [{ functionDeclarations: [{}] }] }, 'tools[0].functionDeclarations[0].name'],
  ])('refuses %j, naming the field', (more, param) => {
    expect(readRequest('gemini.generate', body(more), { model: 'small' })).toMatchObject({
      refusal: { code: 'invalid_request', param },
    });
  });
});

describe('content between dialects', () => {
  const full = {
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
    generationConfig: {
      temperature: 0.5,
      topP: 0.9,
      topK: 20,
      maxOutputTokens: 50,
      stopSequences: ['END'],
      seed: 7,
      responseMimeType: 'application/json',
      responseSchema: { type: 'OBJECT', properties: { city: { type: 'STRING', nullable: true } } },
      thinkingConfig: { thinkingBudget: 1_000 },
    },
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['weather'] } },
    tools: [
      {
        functionDeclarations: [
          { name: 'weather', parameters: { type: 'OBJECT', properties: { city: { type: 'STRING' } } } },
        ],
      },
    ],
    labels: { team: 'a' },
  };

  const expected = {
    prompt: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    ],
    temperature: 0.5,
    topP: 0.9,
    topK: 20,
    maxOutputTokens: 50,
    stopSequences: ['END'],
    seed: 7,
    responseFormat: {
      type: 'json',
      schema: { type: 'object', properties: { city: { type: ['string', 'null'] } } },
    },
    reasoningBudgetTokens: 1_000,
    toolChoice: { type: 'tool', toolName: 'weather' },
    tools: [
      {
        type: 'function',
        name: 'weather',
        inputSchema: { type: 'object', properties: { city: { type: 'string' } } },
      },
    ],
    metadata: { team: 'a' },
  };

  it('has its instruction, sampling, tools and schema', () => {
    expect(translated(full)).toMatchObject({ call: expected, dropped: [] });
    expect(translated(full).call).toEqual(expected);
  });

  it('is the same under the names of the .proto file, and leaves the names of schemas alone', () => {
    const snake = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(snake);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([name, one]) => [
          name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
          ['parameters', 'responseSchema', 'labels'].includes(name) ? one : snake(one),
        ]),
      );
    };
    expect(translated(snake(full) as object).call).toEqual(expected);
    const parameters = { type: 'OBJECT', properties: { zip_code: { type: 'STRING' } } };
    const tools = [{ function_declarations: [{ name: 'f', parameters }] }];
    expect(translated({ tools }).call.tools).toMatchObject([
      { inputSchema: { properties: { zip_code: { type: 'string' } } } },
    ]);
  });

  it('gives function calls and their responses ids', () => {
    const contents = [
      hi,
      {
        role: 'model',
        parts: [
          { text: 'hm', thought: true },
          { functionCall: { name: 'weather', args: { city: 'Rome' } }, thoughtSignature: 'sig' },
          { functionCall: { name: 'weather', args: { city: 'Oslo' } } },
          { functionCall: { id: 'own', name: 'clock' } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { name: 'weather', response: { sky: 'blue' } } },
          { functionResponse: { name: 'weather', response: { sky: 'grey' } } },
          { functionResponse: { id: 'own', name: 'clock', response: {} } },
          { text: 'And now?' },
        ],
      },
    ];
    const call = (toolCallId: string, toolName: string, input: object) => ({
      type: 'tool-call',
      toolCallId,
      toolName,
      input,
    });
    const result = (toolCallId: string, toolName: string, value: object) => ({
      type: 'tool-result',
      toolCallId,
      toolName,
      output: { type: 'json', value },
    });
    expect(translated({ contents }).call.prompt.slice(1)).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'hm' },
          {
            ...call('call_0', 'weather', { city: 'Rome' }),
            providerOptions: { google: { thoughtSignature: 'sig' } },
          },
          call('call_1', 'weather', { city: 'Oslo' }),
          call('own', 'clock', {}),
        ],
      },
      {
        role: 'tool',
        content: [
          result('call_0', 'weather', { sky: 'blue' }),
          result('call_1', 'weather', { sky: 'grey' }),
          result('own', 'clock', {}),
        ],
      },
      { role: 'user', content: [{ type: 'text', text: 'And now?' }] },
    ]);
  });

  it('has files by value and by URL', () => {
    const parts = [
      { inlineData: { mimeType: 'image/png', data: 'QUJD' } },
      { fileData: { mimeType: 'video/mp4', fileUri: 'gs://bucket/a.mp4' } },
    ];
    expect(translated({ contents: [{ role: 'user', parts }] }).call.prompt).toEqual([
      {
        role: 'user',
        content: [
          { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'QUJD' } },
          { type: 'file', mediaType: 'video/mp4', data: { type: 'url', url: new URL('gs://bucket/a.mp4') } },
        ],
      },
    ]);
  });

  it.each([
    [{ thinkingBudget: 0 }, { reasoning: 'none' }],
    [{ thinkingLevel: 'LOW' }, { reasoning: 'low' }],
  ])('reasons as much as %j', (thinkingConfig, more) => {
    expect(translated({ generationConfig: { thinkingConfig } }).call).toMatchObject(more);
  });

  it('shows thoughts only to who asked for them', () => {
    const result = {
      content: [{ type: 'reasoning' as const, text: 'hm' }],
      finishReason: { unified: 'stop' as const },
    };
    const shown = (more: object) =>
      new TextDecoder().decode(
        translated(more).renderResult(result, { id: 'j', model: 'm', createdAtMs: 0 }),
      );
    expect(shown({ generationConfig: { thinkingConfig: { includeThoughts: true } } })).toContain('"hm"');
    expect(shown({})).not.toContain('"hm"');
  });

  it.each([
    [{ safetySettings: [] }, ['safetySettings']],
    [{ tools: [{ googleSearch: {} }] }, ['tools[0].googleSearch']],
    [{ generationConfig: { candidateCount: 2 } }, ['generationConfig.candidateCount']],
    [
      { generationConfig: { responseModalities: ['TEXT', 'IMAGE'] } },
      ['generationConfig.responseModalities'],
    ],
    [{ generationConfig: { speechConfig: {} } }, ['generationConfig.speechConfig']],
  ])('lists what it drops of %j', (more, dropped) => {
    expect(translated(more).dropped).toEqual(dropped);
  });

  it.each([
    [{ cachedContent: 'cachedContents/1' }, 'cachedContent'],
    [{ contents: [{ parts: [{ executableCode: {} }] }] }, 'contents[0].parts[0]'],
    [{ contents: [{ parts: [{ fileData: { fileUri: 'files/1' } }] }] }, 'contents[0].parts[0].fileData'],
  ])('refuses what would change the question: %j', (more, param) => {
    expect(read(more)).toMatchObject({ ok: false, refusal: { code: 'unprocessable', param } });
  });
});

import { APIS, type Api, type CanonicalResult } from '@penstock/contracts';
import fc from 'fast-check';
import { readRequest } from './read-request.js';
import { identity } from './testing/answers.js';
import { translateRequest } from './translate-request.js';

/** A body that uses as much of each API as Penstock reads, to be spoilt in one place. */
type FormApi = 'openai.audio.transcriptions' | 'openai.audio.translations';

/** APIs that have no like in another dialect. */
const UNTRANSLATED: ReadonlySet<Api> = new Set<Api>([
  'openai.embeddings',
  'openai.moderations',
  'openai.images.generations',
  'openai.images.edits',
  'openai.audio.speech',
]);

/** Of every API whose body is JSON; forms have a suite of their own. */
const rich: Record<Exclude<Api, FormApi>, object> = {
  'openai.chat': {
    model: 'm',
    messages: [
      { role: 'system', content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }] },
      {
        role: 'user',
        content: [{ type: 'image_url', image_url: { url: 'https://a.example/', detail: 'low' } }],
      },
      {
        role: 'user',
        content: [
          { type: 'input_audio', input_audio: { data: 'QQ==', format: 'wav' } },
          { type: 'file', file: { file_data: 'QQ==', filename: 'a.pdf' } },
        ],
      },
      {
        role: 'assistant',
        content: 'c',
        reasoning_content: 'd',
        tool_calls: [
          {
            id: 'e',
            type: 'function',
            function: { name: 'f', arguments: '{}' },
            extra_content: { google: { thought_signature: 'g' } },
          },
        ],
      },
      { role: 'tool', tool_call_id: 'e', content: 'h' },
    ],
    tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
    tool_choice: { type: 'function', function: { name: 'f' } },
    response_format: { type: 'json_schema', json_schema: { name: 'n', schema: {} } },
    stream: true,
    stream_options: { include_usage: true },
    stop: ['x'],
    metadata: { a: 'b' },
    reasoning_effort: 'low',
    logprobs: true,
    top_logprobs: 1,
    modalities: ['text'],
    max_tokens: 5,
    n: 1,
  },
  'openai.completions': {
    model: 'm',
    prompt: ['a'],
    suffix: 'b',
    stop: 'c',
    n: 1,
    best_of: 1,
    max_tokens: 5,
  },
  'openai.embeddings': { model: 'm', input: ['a', [1, 2]], dimensions: 3, encoding_format: 'float' },
  'openai.moderations': { model: 'm', input: ['a', { type: 'text', text: 'b' }, { type: 'image_url' }] },
  'openai.images.generations': { model: 'm', prompt: 'a', n: 2, size: 'auto', stream: true },
  'openai.images.edits': { model: 'm', prompt: 'a', images: [{ image_url: 'data:,' }] },
  'openai.audio.speech': { model: 'm', input: 'a', voice: 'v', speed: 1, stream_format: 'sse' },
  'openai.responses': {
    model: 'm',
    instructions: 'a',
    input: [
      { role: 'user', content: [{ type: 'input_text', text: 'b' }] },
      { type: 'message', role: 'user', content: [{ type: 'input_image', image_url: 'https://a.example/' }] },
      {
        type: 'message',
        role: 'user',
        content: [{ type: 'input_file', file_data: 'QQ==', filename: 'a.pdf' }],
      },
      {
        type: 'reasoning',
        id: 'r',
        summary: [{ type: 'summary_text', text: 'c' }],
        encrypted_content: 'penstock.e30',
      },
      { type: 'function_call', call_id: 'd', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'd', output: [{ type: 'input_text', text: 'e' }] },
    ],
    tools: [{ type: 'function', name: 'f', parameters: { type: 'object' } }],
    tool_choice: { type: 'function', name: 'f' },
    text: { format: { type: 'json_schema', name: 'n', schema: {} } },
    reasoning: { effort: 'low', summary: 'auto' },
    include: ['reasoning.encrypted_content'],
    metadata: { a: 'b' },
  },
  'anthropic.messages': {
    model: 'm',
    max_tokens: 5,
    system: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } }],
    messages: [
      { role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'https://a.example/' } }] },
      {
        role: 'user',
        content: [
          {
            type: 'document',
            source: { type: 'text', media_type: 'text/plain', data: 'b' },
            title: 'c',
            citations: { enabled: true },
          },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'd', signature: 'e' },
          { type: 'redacted_thinking', data: 'f' },
          { type: 'tool_use', id: 'g', name: 'h', input: {} },
        ],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'g', content: [{ type: 'text', text: 'i' }] }],
      },
    ],
    tools: [{ name: 'h', input_schema: { type: 'object' } }],
    tool_choice: { type: 'tool', name: 'h' },
    thinking: { type: 'enabled', budget_tokens: 5 },
    output_config: { effort: 'low', format: { type: 'json_schema', schema: {} } },
    metadata: { user_id: 'j' },
    stop_sequences: ['k'],
  },
  'gemini.generate': {
    model: 'm',
    systemInstruction: { parts: [{ text: 'a' }] },
    contents: [
      { role: 'user', parts: [{ text: 'b' }, { inlineData: { mimeType: 'image/png', data: 'QQ==' } }] },
      { role: 'model', parts: [{ functionCall: { name: 'f', args: {} }, thoughtSignature: 'c' }] },
      { role: 'user', parts: [{ functionResponse: { name: 'f', response: {} } }] },
      { role: 'user', parts: [{ fileData: { mimeType: 'image/png', fileUri: 'https://a.example/' } }] },
    ],
    tools: [
      {
        functionDeclarations: [
          { name: 'f', parameters: { type: 'OBJECT', properties: { a: { type: 'STRING' } }, anyOf: [{}] } },
        ],
      },
    ],
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } },
    generationConfig: {
      temperature: 1,
      stopSequences: ['d'],
      responseMimeType: 'application/json',
      responseSchema: { type: 'OBJECT' },
      thinkingConfig: { includeThoughts: true, thinkingBudget: 5 },
      responseModalities: ['TEXT'],
    },
    labels: { a: 'b' },
  },
};

/** Every place in a value, as the names that lead there. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, one]) => places(one, [...path, name]))].filter(
    (found) => found.length > 0,
  );
}

function spoil(body: object, path: readonly string[], value: unknown): object {
  const copy = structuredClone(body) as Record<string, unknown>;
  let at = copy;
  for (const name of path.slice(0, -1)) at = at[name] as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  if (value === undefined) delete at[last];
  else Object.defineProperty(at, last, { value, enumerable: true });
  return copy;
}

const answer: CanonicalResult = { content: [{ type: 'text', text: 'x' }], finishReason: { unified: 'stop' } };

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    'x',
    0,
    -1,
    1.5,
    true,
    [],
    {},
    [null],
    [{}],
    { type: 'x' },
    '__proto__',
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

const bytes = (body: object) => new TextEncoder().encode(JSON.stringify(body));

const jsonApis = APIS.filter((api) => api in rich) as (keyof typeof rich)[];

describe.each(jsonApis)('a body of %s', (api) => {
  const body = rich[api];

  it('is read whole', () => {
    expect(readRequest(api, bytes(body))).toMatchObject({ ok: true, value: { model: 'm' } });
    if (!UNTRANSLATED.has(api)) expect(translateRequest(api, bytes(body))).toMatchObject({ ok: true });
  });

  it('spoilt in any place is a value all the same: a summary or a refusal, never an exception', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places(body)), odd, (path, value) => {
        const spoilt = bytes(spoil(body, path, value));
        const read = readRequest(api, spoilt, { model: 'm' });
        const translated = translateRequest(api, spoilt);
        if (read.ok) expect(Number.isSafeInteger(read.value.estimatedInputTokens)).toBe(true);
        else expect(translated.ok).toBe(false);
        if (translated.ok) {
          expect(
            JSON.parse(new TextDecoder().decode(translated.value.renderResult(answer, identity))),
          ).toBeTruthy();
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is refused as malformed when it is cut anywhere', () => {
    const whole = bytes(body);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => {
        expect(readRequest(api, whole.subarray(0, length))).toMatchObject({
          refusal: { code: 'malformed_json' },
        });
      }),
    );
  });
});

import fc from 'fast-check';
import { readDirectives } from '../completion/directives.js';
import { modelOf } from '../models/read-model.js';
import { messagesDialect } from './anthropic-messages/messages-dialect.js';
import type { AnswerStamp, Dialect, RequestTarget } from './dialect.js';
import { geminiDialect } from './gemini/gemini-dialect.js';
import { plainSchema } from './gemini/plain-schema.js';
import { chatDialect } from './openai-chat/chat-dialect.js';
import { completionsDialect } from './openai-completions/completions-dialect.js';
import { responsesDialect } from './openai-responses/responses-dialect.js';

const OUTPUT = modelOf('m').output;
const STAMP: AnswerStamp = { id: 'id', createdAtS: 0, withUsage: true };
const SCHEMA = { type: 'object', properties: { at: { type: 'string' } } };

interface Asked {
  readonly prompt: string;
  readonly most: number;
}

/** Each dialect, with a request of it that offers the tools `one` and `two`. */
const DIALECTS: [string, Dialect, (asked: Asked) => object, RequestTarget][] = [
  [
    'OpenAI chat',
    chatDialect,
    ({ prompt, most }) => ({
      model: 'm',
      max_tokens: most,
      messages: [{ role: 'user', content: prompt }],
      tools: ['one', 'two'].map((name) => ({ type: 'function', function: { name, parameters: SCHEMA } })),
    }),
    {},
  ],
  [
    'OpenAI completions',
    completionsDialect,
    ({ prompt, most }) => ({ model: 'm', max_tokens: most, prompt }),
    {},
  ],
  [
    'OpenAI Responses',
    responsesDialect,
    ({ prompt, most }) => ({
      model: 'm',
      max_output_tokens: most,
      input: prompt,
      tools: ['one', 'two'].map((name) => ({ type: 'function', name, parameters: SCHEMA })),
    }),
    {},
  ],
  [
    'Anthropic Messages',
    messagesDialect,
    ({ prompt, most }) => ({
      model: 'm',
      max_tokens: most,
      messages: [{ role: 'user', content: prompt }],
      tools: ['one', 'two'].map((name) => ({ name, input_schema: SCHEMA })),
    }),
    {},
  ],
  [
    'Gemini',
    geminiDialect,
    ({ prompt, most }) => ({
      generationConfig: { maxOutputTokens: most },
      contents: [{ parts: [{ text: prompt }] }],
      tools: [{ functionDeclarations: ['one', 'two'].map((name) => ({ name, parameters: SCHEMA })) }],
    }),
    { model: 'm', stream: 'events' },
  ],
];

const ORDERS = [
  '[[reason: 7]]',
  '[[call: one, two]]',
  '[[refuse]]',
  '[[say: "quoted" \\ and 🌊]]',
  '[[tokens: 9]]',
];
const asked = fc.record({
  prompt: fc.subarray(ORDERS).map((orders) => `hello ${orders.join(' ')}`),
  most: fc.integer({ min: 1, max: 60 }),
});

describe.each(DIALECTS)('%s', (_name, dialect, requestOf, target) => {
  it('streams events that are framed, hold JSON, and carry the tokens that the usage says', () => {
    fc.assert(
      fc.property(asked, fc.nat(), (what, callSeed) => {
        const read = dialect.read(requestOf(what), target);
        if (!read.ok) throw new Error(read.error.message);
        const answer = read.value.plan(readDirectives(read.value.prompt), OUTPUT, callSeed);
        const events = [...answer.events(STAMP)];
        expect(events.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(answer.usage.outputTokens);
        expect(answer.usage.outputTokens).toBeLessThanOrEqual(what.most);
        for (const { text } of events) {
          const [, data = ''] = /^(?:event: [a-z._]+\n)?data: (.+)\n\n$/.exec(text) ?? [];
          if (data !== '[DONE]') expect(typeof JSON.parse(data)).toBe('object');
        }
        expect(typeof JSON.parse(answer.body(STAMP))).toBe('object');
      }),
    );
  });

  it('says no word of usage where it is to be missing', () => {
    const read = dialect.read(requestOf({ prompt: 'x', most: 5 }), target);
    if (!read.ok) throw new Error(read.error.message);
    const answer = read.value.plan(readDirectives(''), OUTPUT, 1);
    const stamp = { ...STAMP, withUsage: false };
    const whole = JSON.parse(answer.body(stamp)) as Record<string, unknown>;
    expect(whole['usage'] ?? whole['usageMetadata'] ?? null).toBeNull();
    expect([...answer.events(stamp)].map(({ text }) => text).join('')).not.toMatch(/usage[A-Za-z]*":\{/);
  });

  it('refuses any JSON that is no request of it, and never breaks', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        const read = dialect.read(body, target);
        expect(read.ok ? undefined : JSON.parse(dialect.renderError(read.error))).toBeDefined();
      }),
    );
  });

  it('bears any value in any of its fields', () => {
    const fields = Object.keys(requestOf({ prompt: '', most: 1 }));
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.jsonValue(), (field, value) => {
        const read = dialect.read(
          { ...requestOf({ prompt: '[[call: one]]', most: 9 }), [field]: value },
          target,
        );
        if (read.ok) read.value.plan(readDirectives(read.value.prompt), OUTPUT, 1).body(STAMP);
      }),
    );
  });
});

describe("a schema in Google's form", () => {
  it('becomes JSON Schema', () => {
    const google = {
      type: 'OBJECT',
      properties: {
        type: { type: 'STRING', nullable: true, enum: ['UP', 'DOWN'] },
        list: { type: 'ARRAY', maxItems: '3' },
      },
    };
    expect(plainSchema(google)).toEqual({
      type: 'object',
      properties: {
        type: { type: ['string', 'null'], enum: ['UP', 'DOWN'] },
        list: { type: 'array', maxItems: 3 },
      },
    });
  });
});

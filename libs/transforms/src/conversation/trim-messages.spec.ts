import fc from 'fast-check';
import type { Api } from '@penstock/contracts';
import type { JsonObject } from '../rules/rule.js';
import { CONVERSATIONS } from './conversation-shape.js';
import { trimMessages } from './trim-messages.js';

/** One for each character of the body. */
const countTokens = (document: JsonObject) => JSON.stringify(document).length;

/** A conversation as it is built up: questions, each followed by answers, some of which call tools. */
interface Turn {
  readonly text: string;
  readonly answers: readonly { readonly text: string; readonly calls: number }[];
}

const text = fc.string({ minLength: 1, maxLength: 40 });
const turns = fc.array(
  fc.record({ text, answers: fc.array(fc.record({ text, calls: fc.nat(2) }), { maxLength: 3 }) }),
  { minLength: 1, maxLength: 6 },
);

type Write = (turns: readonly Turn[]) => JsonObject;

let calls = 0;

const chat: Write = (given) => ({
  model: 'small',
  messages: [
    { role: 'system', content: 'Be kind.' },
    ...given.flatMap((turn) => [
      { role: 'user', content: turn.text },
      ...turn.answers.flatMap((answer) => {
        const ids = Array.from({ length: answer.calls }, () => `call_${++calls}`);
        return [
          { role: 'assistant', content: answer.text, tool_calls: ids.map((id) => ({ id })) },
          ...ids.map((id) => ({ role: 'tool', tool_call_id: id, content: 'ok' })),
        ];
      }),
    ]),
  ],
});

const anthropic: Write = (given) => ({
  system: 'Be kind.',
  messages: given.flatMap((turn) => [
    { role: 'user', content: turn.text },
    ...turn.answers.flatMap((answer) => {
      const ids = Array.from({ length: answer.calls }, () => `call_${++calls}`);
      const uses = ids.map((id) => ({ type: 'tool_use', id }));
      return [
        { role: 'assistant', content: [{ type: 'text', text: answer.text }, ...uses] },
        ...(ids.length > 0
          ? [{ role: 'user', content: ids.map((id) => ({ type: 'tool_result', tool_use_id: id })) }]
          : []),
      ];
    }),
  ]),
});

const gemini: Write = (given) => ({
  contents: given.flatMap((turn) => [
    { role: 'user', parts: [{ text: turn.text }] },
    ...turn.answers.flatMap((answer) => {
      const ids = Array.from({ length: answer.calls }, () => `call_${++calls}`);
      return [
        { role: 'model', parts: [{ text: answer.text }, ...ids.map((id) => ({ functionCall: { id } }))] },
        ...(ids.length > 0 ? [{ role: 'user', parts: ids.map((id) => ({ functionResponse: { id } })) }] : []),
      ];
    }),
  ]),
});

const responses: Write = (given) => ({
  input: [
    { role: 'developer', content: 'Be kind.' },
    ...given.flatMap((turn) => [
      { role: 'user', content: turn.text },
      ...turn.answers.flatMap((answer) => {
        const ids = Array.from({ length: answer.calls }, () => `call_${++calls}`);
        return [
          { type: 'message', role: 'assistant', content: answer.text },
          ...ids.map((id) => ({ type: 'function_call', call_id: id })),
          ...ids.map((id) => ({ type: 'function_call_output', call_id: id, output: 'ok' })),
        ];
      }),
    ]),
  ],
});

const DIALECTS: readonly (readonly [Api, Write])[] = [
  ['openai.chat', chat],
  ['anthropic.messages', anthropic],
  ['gemini.generate', gemini],
  ['openai.responses', responses],
];

describe.each(DIALECTS)('trimming a conversation of %s', (api, write) => {
  const shape = CONVERSATIONS[api]!;
  const messagesOf = (document: JsonObject) => document[shape.field] as readonly object[];
  const idsIn = (messages: unknown) => [...JSON.stringify(messages).matchAll(/call_\d+/g)].map(([id]) => id);

  it('keeps instructions, the last question, the last message and whole pairs, in order, and fits', () => {
    fc.assert(
      fc.property(turns, fc.nat(3_000), (given, limit) => {
        const document = write(given);
        const before = structuredClone(document);
        const trimmed = trimMessages(api, document, limit, countTokens);
        expect(document).toEqual(before);
        if (trimmed.kind === 'too_long') return expect(trimmed.tokens).toBeGreaterThan(limit);
        expect(countTokens(trimmed.document)).toBeLessThanOrEqual(limit);

        const [all, kept] = [messagesOf(document), messagesOf(trimmed.document)];
        expect(kept).toEqual(all.filter((message) => kept.includes(message)));
        const parts = all.map(shape.partOf);
        const must = all.filter(
          (_, at) => parts[at] === 'pinned' || at === parts.lastIndexOf('user') || at === all.length - 1,
        );
        for (const message of must) expect(kept).toContain(message);
        expect(kept.map(shape.partOf).find((part) => part !== 'pinned')).toBe('user');
        // Each call with its result: every id that is left stands there as often as before.
        for (const id of idsIn(kept)) expect(idsIn(kept).filter((each) => each === id)).toHaveLength(2);
      }),
    );
  });

  it('leaves no more out than it must', () => {
    fc.assert(
      fc.property(turns, fc.nat(2_000), (given, limit) => {
        const document = write(given);
        const trimmed = trimMessages(api, document, limit, countTokens);
        if (countTokens(document) <= limit) expect(trimmed).toEqual({ kind: 'fits', document });
        else if (trimmed.kind === 'fits') {
          // What a little more room would have kept is longer than there was room for.
          const more = trimMessages(api, document, countTokens(document) - 1, countTokens);
          if (more.kind === 'fits')
            expect(messagesOf(more.document).length).toBeGreaterThanOrEqual(
              messagesOf(trimmed.document).length,
            );
        }
      }),
    );
  });
});

describe('trimming', () => {
  it('shortens what an agent did since the only question', () => {
    const steps = Array.from({ length: 20 }, () => ({ text: 'Working on it.', calls: 1 }));
    const document = chat([{ text: 'Build it.', answers: steps }]);
    const trimmed = trimMessages('openai.chat', document, 600, countTokens);
    expect(trimmed.kind).toBe('fits');
    const roles = (trimmed.kind === 'fits' ? trimmed.document['messages'] : []) as { role: string }[];
    expect(roles.map(({ role }) => role).slice(0, 4)).toEqual(['system', 'user', 'assistant', 'tool']);
    expect(roles.length).toBeLessThan(20);
  });

  it('leaves alone what fits, and what its API has no messages of', () => {
    const document = { prompt: 'x'.repeat(100) };
    expect(trimMessages('openai.completions', document, 200, countTokens)).toEqual({
      kind: 'fits',
      document,
    });
    expect(trimMessages('openai.completions', document, 50, countTokens).kind).toBe('too_long');
  });
});

import fc from 'fast-check';
import { ABSENT, parseFieldPath, readField } from './field-path.js';
import { clampFields, defaultFields, dropFields, renameField, setFields } from './field-rules.js';
import type { JsonObject } from './rule.js';

const name = fc.constantFrom('a', 'b', 'c', 'temperature');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('.'));
const value: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.double({ noNaN: true }),
    fc.constant(null),
    fc.string({ maxLength: 3 }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
})).value;
const document = fc.dictionary(name, value, { maxKeys: 4 }) as fc.Arbitrary<JsonObject>;

const rules = fc.oneof(
  path.map((field) => dropFields([field])),
  fc.tuple(path, fc.integer()).map(([field, to]) => setFields({ [field]: to })),
  fc.tuple(path, fc.integer()).map(([field, to]) => defaultFields({ [field]: to })),
  path.map((field) => clampFields({ [field]: { min: -1, max: 1 } })),
  fc.tuple(path, path).map(([from, to]) => renameField({ from, to })),
);

function frozen<T>(deep: T): T {
  if (typeof deep === 'object' && deep !== null) Object.values(Object.freeze(deep)).forEach(frozen);
  return deep;
}

describe('rules on fields', () => {
  it('never change what they are given', () => {
    fc.assert(
      fc.property(document, rules, (given, rule) => {
        const before = structuredClone(given);
        rule(frozen(given));
        expect(given).toEqual(before);
      }),
    );
  });

  it('leave nothing of what is dropped', () => {
    fc.assert(
      fc.property(document, path, (given, field) => {
        expect(readField(dropFields([field])(given), parseFieldPath(field))).toBe(ABSENT);
      }),
    );
  });

  it('bring a number within its bounds, and nothing else', () => {
    fc.assert(
      fc.property(document, path, (given, field) => {
        const at = parseFieldPath(field);
        const [before, after] = [given, clampFields({ [field]: { min: -1, max: 1 } })(given)].map((one) =>
          readField(one, at),
        );
        if (typeof before !== 'number') return expect(after).toBe(before);
        expect(after).toBe(Math.min(1, Math.max(-1, before)));
      }),
    );
  });

  it('give a default to what is absent or null alone', () => {
    fc.assert(
      fc.property(document, name, (given, field) => {
        const has = given[field] !== undefined && given[field] !== null;
        expect(defaultFields({ [field]: 7 })(given)[field]).toEqual(has ? given[field] : 7);
      }),
    );
  });

  it('move a value to its new name', () => {
    fc.assert(
      fc.property(document, (given) => {
        const moved = renameField({ from: 'a', to: 'max.tokens' })({ ...given, a: 5 });
        expect(moved).not.toHaveProperty('a');
        expect(moved['max']).toEqual({ tokens: 5 });
      }),
    );
  });

  it('reach every element of a list', () => {
    const answer = { choices: [{ message: { text: 'a', secret: 1 } }, { message: { text: 'b' } }, 'odd'] };
    expect(dropFields(['choices.*.message.secret'])(answer)).toEqual({
      choices: [{ message: { text: 'a' } }, { message: { text: 'b' } }, 'odd'],
    });
    expect(renameField({ from: 'choices.*.message.text', to: 'choices.*.message.content' })(answer)).toEqual({
      choices: [{ message: { content: 'a', secret: 1 } }, { message: { content: 'b' } }, 'odd'],
    });
    expect(dropFields(['choices.*'])(answer)).toEqual({ choices: [] });
  });

  it('return the document itself where there is nothing to change', () => {
    const given = { a: [{ b: 1 }], temperature: 0.5 };
    for (const rule of [
      dropFields(['a.*.c', 'x']),
      clampFields({ temperature: { max: 1 } }),
      renameField({ from: 'x', to: 'y' }),
      setFields({ temperature: 0.5 }),
    ]) {
      expect(rule(given)).toBe(given);
    }
  });

  it('change no prototype, whatever the document has for fields', () => {
    const hostile = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":1}',
    );
    for (const rule of [
      setFields({ 'b.c': 1 }),
      defaultFields({ b: 1 }),
      renameField({ from: 'a', to: 'b' }),
    ]) {
      const changed = rule(hostile as JsonObject);
      expect(Object.getPrototypeOf(changed)).toBe(Object.prototype);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      expect(Object.keys(changed)).toContain('__proto__');
    }
    for (const field of ['__proto__.x', 'a.constructor', 'a.prototype.b', 'a..b', '']) {
      expect(() => dropFields([field])).toThrow('is no field');
    }
    expect(setFields({ 'toString.x': 1 })({})).toEqual({ toString: { x: 1 } });
  });
});

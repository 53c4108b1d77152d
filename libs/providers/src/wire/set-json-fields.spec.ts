import fc from 'fast-check';
import { scanJsonObject } from './json-object-scan.js';
import { setJsonFields } from './set-json-fields.js';

const space = fc.constantFrom('', ' ', '\n', '\t', '\r\n  ');
/** JSON text with white space anywhere and strings written with and without escapes. */
const text: fc.Arbitrary<string> = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    string(),
    fc.constantFrom(
      'true',
      'false',
      'null',
      '0',
      '-1.5e+3',
      '"\\\\"',
      '"\\\\\\""',
      '"}"',
      '"{\\"model\\":1}"',
    ),
    fc
      .tuple(fc.array(tie('value'), { maxLength: 3 }), space)
      .map(([items, gap]) => `[${gap}${items.join(`${gap},${gap}`)}${gap}]`),
    tie('object'),
  ),
  object: fc
    .tuple(fc.array(fc.tuple(key(), space, tie('value'), space), { maxLength: 5 }), space)
    .map(
      ([fields, gap]) => `{${gap}${fields.map(([k, a, v, b]) => `${k}${a}:${b}${v}${a}`).join(`,${gap}`)}}`,
    ),
})).object;

function string(): fc.Arbitrary<string> {
  return fc.tuple(fc.string({ unit: 'binary' }), fc.boolean()).map(([value, escaped]) => {
    const json = JSON.stringify(value);
    return escaped ? json.replace(/[a-z](?![0-9a-f]{0,4}u?\\)/g, unicode) : json;
  });
}

function key(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom('"model"', '"mod\\u0065l"', '"Model"', '"model "', '"stream"', '"mo\\"del"', '""'),
    fc.string({ unit: 'binary', maxLength: 4 }).map((value) => JSON.stringify(value)),
  );
}

function unicode(letter: string, at: number, whole: string): string {
  const escaped = whole[at - 1] === '\\' || /\\u[0-9a-f]{0,3}$/.test(whole.slice(0, at));
  return escaped ? letter : `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

describe('setJsonFields', () => {
  const setModel = (json: string) => setJsonFields(Buffer.from(json), { model: () => '"up"' })?.toString();

  it('does what parsing, setting and writing would do, for any JSON object', () => {
    fc.assert(
      fc.property(text, space, (json, gap) => {
        const body = gap + json + gap;
        const set = setModel(body);
        expect(JSON.parse(set ?? '')).toEqual({ ...(JSON.parse(body) as object), model: 'up' });
      }),
      { numRuns: 300 },
    );
  });

  it('changes only the value, byte for byte', () => {
    fc.assert(
      fc.property(text, (json) => {
        const bytes = Buffer.from(json);
        const scanned = scanJsonObject(bytes, ['model']);
        const untouched = setJsonFields(bytes, { model: (current) => current ?? '0' });
        if (scanned?.fields.length) expect(untouched?.equals(bytes)).toBe(true);
        for (const { valueStart, valueEnd } of scanned?.fields ?? []) {
          expect(() => JSON.parse(bytes.toString('utf8', valueStart, valueEnd)) as unknown).not.toThrow();
        }
      }),
      { numRuns: 500 },
    );
  });

  it('sets a field that stands there twice in both places', () => {
    expect(setModel('{"model":1,"a":{"model":2},"model" : [3] }')).toBe(
      '{"model":"up","a":{"model":2},"model" : "up" }',
    );
  });

  it('knows the key in whatever way it is written', () => {
    expect(setModel('{"\\u006dodel":"x"}')).toBe('{"\\u006dodel":"up"}');
    expect(setModel('{"model\\\\":"x"}')).toBe('{"model\\\\":"x","model":"up"}');
  });

  it('adds what is missing', () => {
    expect(setModel('{ }')).toBe('{ "model":"up"}');
    expect(setModel('{"a":1 }\n')).toBe('{"a":1 ,"model":"up"}\n');
  });

  it('refuses what is not one JSON object', () => {
    for (const json of [
      '',
      '[]',
      '"model"',
      '{',
      '{"model"',
      '{"model":',
      '{"model":1',
      '{"model":1}x',
      '{model:1}',
      '{,}',
      '{"a":1,}',
      '{"a" 1}',
      '{"a":}',
      'nul',
      '{"a":"\\"}',
    ]) {
      expect(setModel(json)).toBeUndefined();
    }
  });

  it('never throws and always ends, whatever it is given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.string({ maxLength: 60 }), (bytes, tail) => {
        setJsonFields(Buffer.from(bytes), { model: () => '1' });
        setJsonFields(Buffer.from(`{"a":${tail}`), { model: () => '1' });
      }),
    );
  });

  it('is quick with a large picture and with a million backslashes', () => {
    const picture = `{"image":"${'A'.repeat(4_000_000)}","model":"m"}`;
    const slashes = `{"text":"${'\\\\'.repeat(1_000_000)}","model":"m"}`;
    expect(setModel(picture)?.endsWith('"model":"up"}')).toBe(true);
    expect(setModel(slashes)?.endsWith('"model":"up"}')).toBe(true);
  });
});

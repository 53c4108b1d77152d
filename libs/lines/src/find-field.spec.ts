import fc from 'fast-check';
import { findField } from './find-field.js';

const textOf = (bytes: Uint8Array, name: string) => {
  const span = findField(bytes, name);
  return span && Buffer.from(bytes.subarray(span.start, span.end)).toString();
};

describe('finding a field without parsing', () => {
  it('finds in any JSON object what a parser finds, byte for byte', () => {
    const json = fc.json({ maxDepth: 4 });
    fc.assert(
      fc.property(json, json, json, fc.constantFrom('', ' ', '\t', ' \r\n'), (before, body, after, space) => {
        const line = ['{', '"a"', ':', before, ',', '"body"', ':', body, ',', '"z"', ':', after, '}'].join(
          space,
        );
        expect(textOf(Buffer.from(line), 'body')).toBe(body);
      }),
    );
  });

  it('takes the last of several, as a parser does', () => {
    expect(textOf(Buffer.from('{"body":1,"body":{"a":2}}'), 'body')).toBe('{"a":2}');
  });

  it('is not taken in by the name further down, or inside a text', () => {
    expect(textOf(Buffer.from('{"x":{"body":1},"y":"\\"body\\":2"}'), 'body')).toBeUndefined();
  });

  it('leaves the spelling of numbers alone', () => {
    expect(textOf(Buffer.from('{"body":{"seed":12345678901234567890,"t":1.0}}'), 'body')).toBe(
      '{"seed":12345678901234567890,"t":1.0}',
    );
  });

  it('ends on any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (tail) => {
        findField(Buffer.concat([Buffer.from('{"body":'), tail]), 'body');
      }),
    );
  });
});

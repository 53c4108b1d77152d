import fc from 'fast-check';
import { dropJsonFields } from './drop-json-fields.js';

const drop = (text: string, ...names: string[]) =>
  Buffer.from(dropJsonFields(Buffer.from(text), names)).toString();

describe('dropJsonFields', () => {
  it('leaves every other value as the bytes it was', () => {
    expect(
      drop('{ "a" : 1.0, "provider":{"only":["x,}"]}, "b":"\\u00e9" , "models": [] }', 'provider', 'models'),
    ).toBe('{"a" : 1.0,"b":"\\u00e9"}');
    expect(drop('{"provider":{}}', 'provider')).toBe('{}');
    expect(drop('{"pro\\u0076ider":{},"a":[1]}', 'provider')).toBe('{"a":[1]}');
  });

  it('is the object without the fields, whatever the object', () => {
    const names = fc.constantFrom('provider', 'models', 'a', '', 'x"y');
    fc.assert(
      fc.property(fc.dictionary(names, fc.jsonValue()), fc.boolean(), (value, pretty) => {
        const text = JSON.stringify(value, null, pretty ? 2 : 0);
        const expected = Object.fromEntries(
          Object.entries(value).filter(([name]) => name !== 'provider' && name !== 'models'),
        );
        expect(JSON.parse(drop(text, 'provider', 'models'))).toEqual(JSON.parse(JSON.stringify(expected)));
      }),
    );
  });

  it('hands back the same bytes when there is nothing to drop, and what is no object', () => {
    for (const text of ['{"a":1}', '[1]', '--form', '']) {
      const body = Buffer.from(text);
      expect(dropJsonFields(body, ['provider'])).toBe(body);
    }
  });
});

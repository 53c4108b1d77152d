import { requestDigest } from './request-digest.js';

const job = { api: 'openai.chat', model: 'small' } as const;
const digest = (body: string, more: object = {}) => requestDigest({ ...job, ...more }, Buffer.from(body));

describe('the digest of a request', () => {
  it('is of the value of the body', () => {
    expect(digest('{"a":[1,{"b":2,"c":null}],"d":"e"}')).toBe(
      digest(' { "d":"e", "a": [1, {"c":null,"b":2}] }'),
    );
  });

  it.each([
    ['{"a":1}', '{"a":"1"}'],
    ['{"a":1}', '{"a":1.0}'],
    ['{"a":9007199254740993}', '{"a":9007199254740992}'],
    ['{"a":"n1"}', '{"a":1}'],
    ['{"a":[1,2]}', '{"a":[2,1]}'],
    ['{"a":{}}', '{"a":[]}'],
    ['{"a":null}', '{}'],
    ['{"__proto__":{"a":1}}', '{}'],
    ['not json', 'not json either'],
  ])('tells %s from %s', (one, other) => expect(digest(one)).not.toBe(digest(other)));

  it('tells what goes through other rules apart, and is the same where there are none', () => {
    const under = (rules?: string) =>
      requestDigest({ ...job }, Buffer.from('{}'), undefined, ...(rules === undefined ? [] : [rules]));
    expect(new Set([under(), under('a'), under('b')]).size).toBe(3);
    expect(under()).toBe(digest('{}'));
  });

  it('tells APIs, models and routes apart', () => {
    const clientHeaders = { 'anthropic-beta': 'a-feature' };
    const all = [
      {},
      { clientHeaders },
      { api: 'openai.completions' },
      { model: 'large' },
      { routing: '{"sort":"price"}' },
    ];
    expect(new Set(all.map((more) => digest('{}', more))).size).toBe(all.length);
  });
});

import { readDirectives } from './directives.js';

describe('orders in a prompt', () => {
  it('are read wherever they stand', () => {
    expect(
      readDirectives(
        'Hi [[tokens: 64]] there. [[reason:8]]\n[[cached: 100]] [[say: a: b]] [[fault: cut; after=3]] [[latency: 5 10]]',
      ),
    ).toMatchObject({
      tokens: 64,
      reasoningTokens: 8,
      cachedTokens: 100,
      say: 'a: b',
      fault: 'cut; after=3',
      latency: '5 10',
      refuse: false,
    });
  });

  it('name tools, with or without input', () => {
    const { calls } = readDirectives('[[call: one, two]] [[call: three {"a":{"b":1}}]]');
    expect(calls).toEqual([
      { name: 'one', input: undefined },
      { name: 'two', input: undefined },
      { name: 'three', input: '{"a":{"b":1}}' },
    ]);
  });

  it('are nothing where a value is no number', () => {
    expect(readDirectives('[[tokens: many]] [[unknown]] [[').tokens).toBeUndefined();
  });
});

import fc from 'fast-check';

import { countTokens, firstTokens, splitTokens } from './count-tokens.js';

const anyText = fc.string({ unit: 'binary', maxLength: 200 });

describe('counting tokens', () => {
  it('counts four UTF-16 code units as one', () => {
    expect(['', 'a', 'abcd', 'abcde', '🌊🌊🌊'].map(countTokens)).toEqual([0, 1, 1, 2, 2]);
  });

  it('splits a text into pieces that make it up again, without breaking a character in two', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const pieces = [...splitTokens(text)];
        expect(pieces.join('')).toBe(text);
        for (const piece of pieces) expect(piece.isWellFormed()).toBe(true);
        expect(pieces).toHaveLength(countTokens(text));
      }),
    );
  });

  it('cuts a text to a number of tokens', () => {
    fc.assert(
      fc.property(anyText, fc.nat(60), (text, tokens) => {
        const cut = firstTokens(text, tokens);
        expect(text.startsWith(cut)).toBe(true);
        expect(countTokens(cut)).toBe(Math.min(tokens, countTokens(text)));
        if (countTokens(text) <= tokens) expect(cut).toBe(text);
      }),
    );
  });
});

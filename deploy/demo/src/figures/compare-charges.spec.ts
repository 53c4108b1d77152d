import { compareCharges } from './compare-charges.js';

const charge = (attempt: string, inputTokens = 5, outputTokens = 7) => ({
  attempt,
  inputTokens,
  outputTokens,
});

describe('compareCharges', () => {
  it('finds two books alike whatever their order', () => {
    const both = [charge('a'), charge('b', 1, 2)];
    expect(compareCharges(both, both.toReversed())).toEqual({ alike: 2, unlike: [] });
  });

  it('names what only one of them has, what is counted differently, and what is charged twice', () => {
    const ours = [charge('a'), charge('b'), charge('c'), charge('e')];
    const theirs = [charge('a'), charge('b', 5, 8), charge('d'), charge('e'), charge('e')];
    expect(compareCharges(ours, theirs)).toEqual({ alike: 2, unlike: ['b', 'c', 'd', 'e'] });
  });
});

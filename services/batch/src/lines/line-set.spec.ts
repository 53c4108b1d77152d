import fc from 'fast-check';
import { LineSet } from './line-set.js';

describe('a set of lines', () => {
  it('is the set it is said to be, before and after being stored', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 })), (lines) => {
        const expected = new Set(lines);
        const set = LineSet.empty(200).with(lines);
        for (const some of [set, LineSet.fromBytes(set.toBytes(), 200)]) {
          expect(some.size).toBe(expected.size);
          for (let line = 1; line <= 200; line++) expect(some.has(line)).toBe(expected.has(line));
        }
      }),
    );
  });

  it('leaves the set alone that another is made of', () => {
    const before = LineSet.empty(10).with([3]);
    before.with([4, 5]);
    expect([before.size, before.has(4)]).toEqual([1, false]);
  });
});

import fc from 'fast-check';
import { FleetingMap } from './fleeting-map.js';

type Change =
  | { readonly do: 'set'; readonly key: string; readonly value: { readonly n: number } }
  | { readonly do: 'delete'; readonly key: string }
  | { readonly do: 'clear' };

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('set' as const), key, value: fc.record({ n: fc.nat() }) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('delete' as const), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const) }) },
);

describe('a map of what comes and goes', () => {
  it('is like any other map', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const fleeting = new FleetingMap<string, { readonly n: number }>();
        const plain = new Map<string, { readonly n: number }>();
        for (const one of changes) {
          if (one.do === 'set') {
            fleeting.set(one.key, one.value);
            plain.set(one.key, one.value);
          } else if (one.do === 'delete') expect(fleeting.delete(one.key)).toBe(plain.delete(one.key));
          else {
            fleeting.clear();
            plain.clear();
          }
          expect([...fleeting]).toEqual([...plain]);
          expect([...fleeting.keys()]).toEqual([...plain.keys()]);
          expect([...fleeting.values()]).toEqual([...plain.values()]);
          expect(fleeting.size).toBe(plain.size);
          for (const asked of ['a', 'b', 'z']) {
            expect(fleeting.get(asked)).toBe(plain.get(asked));
            expect(fleeting.has(asked)).toBe(plain.has(asked));
          }
        }
      }),
    );
  });

  it('may be changed while it is gone through', () => {
    const fleeting = new FleetingMap<number, { readonly n: number }>();
    for (const n of [1, 2, 3, 4]) fleeting.set(n, { n });
    const seen: number[] = [];
    for (const [at, { n }] of fleeting) {
      seen.push(n);
      fleeting.delete(at);
      fleeting.delete(3);
    }
    expect(seen).toEqual([1, 2, 4]);
    expect(fleeting.size).toBe(0);
  });
});

import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { idMaker } from './ids.js';

describe('idMaker', () => {
  it('makes ids that may stand in a subject, and are all different', () => {
    const makeId = idMaker(() => 1_700_000_000_000, randomBytes);
    const ids = Array.from({ length: 5000 }, () => makeId('job'));
    expect(new Set(ids).size).toBe(5000);
    for (const id of ids) expect(id).toMatch(/^job_[0-9a-v]{25}$/);
  });

  it('makes ids that sort by the instant they were made', () => {
    const instant = fc.integer({ min: 0, max: 32 ** 9 - 1 });
    fc.assert(
      fc.property(instant, instant, (first, second) => {
        const at = (ms: number) => idMaker(() => ms, randomBytes)('x');
        if (first < second) expect(at(first) < at(second)).toBe(true);
        if (first > second) expect(at(first) > at(second)).toBe(true);
      }),
    );
  });

  it('uses 80 bits of what it is given for each', () => {
    let asked = 0;
    const makeId = idMaker(
      () => 0,
      (size) => {
        asked += size;
        return new Uint8Array(size).fill(31);
      },
    );
    expect(makeId('a')).toBe('a_000000000vvvvvvvvvvvvvvvv');
    for (let i = 0; i < 128; i++) makeId('a');
    expect(asked).toBe(4096);
  });
});

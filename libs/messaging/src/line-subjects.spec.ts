import fc from 'fast-check';
import { filtersOfLine, LINES_TOGETHER, shelfOf, subjectOfLines } from './line-subjects.js';

/** As NATS holds a subject against a filter. */
function matches(filter: string, subject: string): boolean {
  const tokens = subject.split('.');
  const wanted = filter.split('.');
  if (wanted.at(-1) === '>') {
    const front = wanted.slice(0, -1);
    return tokens.length > front.length && front.every((token, i) => token === '*' || token === tokens[i]);
  }
  return wanted.length === tokens.length && wanted.every((token, i) => token === '*' || token === tokens[i]);
}

const line = fc.integer({ min: 1, max: 100_000 });
const together = line.chain((first) =>
  fc
    .uniqueArray(fc.nat({ max: 600 }), { minLength: 0, maxLength: LINES_TOGETHER - 1 })
    .map((steps) => [first, ...steps.map((step) => first + step + 1)])
    .map((lines) => lines.filter((one) => shelfOf(one) === shelfOf(first)).sort((a, b) => a - b)),
);

describe('the subject of results that lie together', () => {
  it('is found by each of its lines, by one filter, and by no other line', () => {
    fc.assert(
      fc.property(together, line, (lines, other) => {
        const subject = subjectOfLines('acme', 'batch_1', lines);
        const found = (one: number) =>
          filtersOfLine('acme', { batch: 'batch_1', line: one }).filter((filter) => matches(filter, subject));
        for (const one of lines) expect(found(one)).toHaveLength(1);
        expect(found(other)).toHaveLength(lines.includes(other) ? 1 : 0);
      }),
    );
  });

  it('is that of its batch and tenant alone', () => {
    const subject = subjectOfLines('acme', 'batch_1', [7, 9]);
    expect(subject).toBe('results.acme.batch_1.0.7.9.end');
    for (const [tenant, batch] of [['other', 'batch_1'] as const, ['acme', 'batch_2'] as const])
      expect(filtersOfLine(tenant, { batch, line: 7 }).some((filter) => matches(filter, subject))).toBe(
        false,
      );
  });
});

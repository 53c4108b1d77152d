import { compileExpression, EXPRESSION_BOUNDS } from './evaluate-expression.js';

const run = (source: string, document = { a: 1, items: [{ n: 1 }, { n: 2 }] }) =>
  compileExpression(source)(document);

describe('an expression', () => {
  it('gives the new document', async () => {
    expect(await run('$merge([$, { "sum": $sum(items.n) }])')).toEqual({
      ok: true,
      document: { a: 1, items: [{ n: 1 }, { n: 2 }], sum: 3 },
    });
  });

  it('does not change the one it is given', async () => {
    const document = { a: 1, items: [{ n: 1 }] };
    await compileExpression('$ ~> |items|{ "n": 5 }, "m"|')(Object.freeze(document));
    expect(document).toEqual({ a: 1, items: [{ n: 1 }] });
  });

  it.each([
    ['no object', '1 + 1', 'its value is not an object'],
    ['nothing', 'missing', 'its value is not an object'],
    ['a list', 'items', 'its value is not an object'],
    ['a value it cannot add', '{ "x": items + 1 }', /^JSONata stopped with T2001 at character \d+$/],
    ['a text of the document as an expression', '$eval("{}")', 'it cannot be evaluated'],
    ['a list without end', '{ "x": [1..9000000] }', /^JSONata stopped with D\d+/],
    [
      'calls without end',
      '($f := function($n) { 1 + $f($n) }; { "x": $f(1) })',
      /nests more than|takes longer/,
    ],
  ])('that gives %s is refused in words', async (_, source, why) => {
    const said = await run(source);
    expect(said).toEqual({ ok: false, why: typeof why === 'string' ? why : expect.stringMatching(why) });
  });

  it('that runs away is broken off in time', async () => {
    const startedAt = Date.now();
    const said = await run('($f := function($n) { $n < 0 ? 0 : $f($n + 1) }; { "x": $f(0) })');
    expect(said).toEqual({ ok: false, why: `it takes longer than ${EXPRESSION_BOUNDS.timeout} ms` });
    expect(Date.now() - startedAt).toBeLessThan(10 * EXPRESSION_BOUNDS.timeout);
  });

  it('reaches no prototype and nothing outside of the document', async () => {
    expect(await run('{ "x": $type(constructor), "y": $exists(__proto__), "z": $exists(process) }')).toEqual({
      ok: true,
      document: { y: false, z: false },
    });
    await run('$merge([$, { "__proto__": { "polluted": 1 } }])');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

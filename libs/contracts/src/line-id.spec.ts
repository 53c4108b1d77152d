import fc from 'fast-check';
import { lineJobId, parseLineId } from './line-id.js';
import { isJobId } from './subjects.js';

describe('the id of the job of a line', () => {
  it('says of which batch and line it is, and is a valid id', () => {
    const batch = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
    fc.assert(
      fc.property(batch, fc.integer({ min: 1, max: 50_000 }), (name, line) => {
        const job = lineJobId({ batch: name, line });
        expect(isJobId(job)).toBe(true);
        expect(parseLineId(job)).toEqual({ batch: name, line });
      }),
    );
  });

  it.each([
    'order-17',
    'batch_1',
    'batch_1.',
    '.1',
    'batch_1.0',
    'batch_1.01',
    'batch_1.x',
    'a.b.1',
    'batch_1.1e3',
  ])('is none of %s', (job) => {
    expect(parseLineId(job)).toBeUndefined();
  });
});

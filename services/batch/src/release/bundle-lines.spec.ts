import { JOBS_OF_BUNDLE } from '@penstock/messaging';
import fc from 'fast-check';
import type { NumberedLine } from '../lines/line-source.js';
import { bundleId, bundleLines } from './bundle-lines.js';

const line = (number: number, bytes: number) =>
  ({ number, body: new Uint8Array(bytes) }) as unknown as NumberedLine;

const sizes = fc.array(fc.oneof(fc.nat(2_000), fc.nat(100_000)), { minLength: 1, maxLength: 60 });

const linesOf = (bytes: readonly number[]) => bytes.map((size, i) => line(i + 1, size));

describe('lines that go together', () => {
  it('are all of them, in their order, a few in each message and no more than fit', () => {
    fc.assert(
      fc.property(sizes, (bytes) => {
        const lines = linesOf(bytes);
        const bundles = bundleLines(lines);
        expect(bundles.flat()).toEqual(lines);
        for (const bundle of bundles) {
          expect(bundle.length).toBeLessThanOrEqual(JOBS_OF_BUNDLE);
          const sum = bundle.reduce((all, { body }) => all + body.length, 0);
          if (bundle.length > 1) expect(sum).toBeLessThanOrEqual(32 * 1024);
        }
      }),
    );
  });

  it('are the same from whichever place on, so that they are sent again under the same ids', () => {
    fc.assert(
      fc.property(sizes, fc.nat(6), (bytes, places) => {
        const lines = linesOf(bytes);
        const ids = bundleLines(lines).map((bundle) => bundleId('batch_1', bundle));
        const rest = bundleLines(lines.slice(places * JOBS_OF_BUNDLE));
        expect(ids.slice(ids.length - rest.length)).toEqual(
          rest.map((bundle) => bundleId('batch_1', bundle)),
        );
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  it('are named by the first and the last, and one alone as its job', () => {
    const named = bundleLines([...linesOf([10, 10, 10]), line(9, 10)]).map((one) => bundleId('b', one));
    expect(named).toEqual(['b.1-3', 'b.9']);
  });
});

import { fitsBundle, JOBS_OF_BUNDLE } from '@penstock/messaging';
import type { NumberedLine } from '../lines/line-source.js';
import type { LineBundle } from '../running/batch-run.js';

/**
 * Which lines go into the lane in one message. Lines stand on a grid of their numbers, and go together with those of their
 * place if all of them fit: so it is the same for the same lines, whoever asks and from whichever line on, and what was sent
 * can be sent again under the same message id.
 */
export function bundleLines(lines: readonly NumberedLine[]): readonly LineBundle[] {
  return Object.values(Object.groupBy(lines, ({ number }) => Math.ceil(number / JOBS_OF_BUNDLE))).flatMap(
    (place = []) => {
      const [first, ...rest] = place;
      if (!first) return [];
      if (fitsBundle(place.map(({ body }) => body))) return [[first, ...rest] satisfies LineBundle];
      return place.map((line) => [line] satisfies LineBundle);
    },
  );
}

/** The message id of a bundle; that of one line is its job's. */
export function bundleId(batch: string, bundle: LineBundle): string {
  const [first] = bundle;
  const last = bundle.at(-1) ?? first;
  return first === last ? `${batch}.${first.number}` : `${batch}.${first.number}-${last.number}`;
}

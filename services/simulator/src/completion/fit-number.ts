import type { Random } from '@penstock/resilience';

/** A number that fits `minimum`, `maximum`, their exclusive forms and `multipleOf`. */
export function fitNumber(
  keywords: Readonly<Record<string, unknown>>,
  whole: boolean,
  random: Random,
): number {
  const step = number(keywords['multipleOf']) ?? (whole ? 1 : 0.25);
  const low = number(keywords['minimum']);
  const above = number(keywords['exclusiveMinimum']);
  const high = number(keywords['maximum']);
  const below = number(keywords['exclusiveMaximum']);
  const reach = 100 * step;
  const from = Math.max(low ?? -Infinity, above ?? -Infinity);
  const to = Math.min(high ?? Infinity, below ?? Infinity);
  const start = from === -Infinity ? (to === Infinity ? 0 : to - reach) : from;
  const end = to === Infinity ? start + reach : to;
  let first = Math.ceil(start / step);
  let last = Math.floor(end / step);
  if (above !== undefined && first * step <= above) first++;
  if (below !== undefined && last * step >= below) last--;
  // No multiple of the step between the bounds: a number between them is the best there is.
  if (first > last) return whole ? Math.ceil(start) : (start + end) / 2;
  return (first + Math.floor(random() * (last - first + 1))) * step;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

import type { Random } from '@penstock/resilience';

/**
 * Where a latency or a length comes from: a number is that number every time.
 *
 * `uniform` is [from, to). `lognormal` is what measured latencies look like: half of the draws are below `median`,
 * and `sigma` is the standard deviation of the logarithm (0.25 is narrow, 1 has a long tail).
 */
export type Distribution =
  | number
  | { readonly uniform: readonly [from: number, to: number] }
  | { readonly lognormal: { readonly median: number; readonly sigma: number } };

/** One draw. A constant uses no randomness, so that adding one does not shift the other draws under a seed. */
export function sample(distribution: Distribution, random: Random): number {
  if (typeof distribution === 'number') return distribution;
  if ('uniform' in distribution) {
    const [from, to] = distribution.uniform;
    return from + random() * (to - from);
  }
  const { median, sigma } = distribution.lognormal;
  return median * Math.exp(sigma * standardNormal(random));
}

/** Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958. */
function standardNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}

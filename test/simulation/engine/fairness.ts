/**
 * 1 when all are treated alike, 1/n when one has everything.
 *
 * Source: Jain, Chiu and Hawe, "A quantitative measure of fairness and discrimination" (1984).
 */
export function jainIndex(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value * value, 0);
  return squares === 0 ? 0 : (sum * sum) / (values.length * squares);
}

/** The max-min fair parts of `total` for these demands: nobody gets more than it asked, and the rest is even. */
export function maxMinShares(total: number, demands: readonly number[]): number[] {
  const parts = demands.map(() => 0);
  const order = demands.map((_, i) => i).sort((a, b) => demands[a]! - demands[b]!);
  let left = total;
  order.forEach((i, n) => {
    parts[i] = Math.min(demands[i]!, left / (order.length - n));
    left -= parts[i];
  });
  return parts;
}

import type { LiveCandidate, Order } from './order.js';

/**
 * Each place goes to the better, by headroom, of two of the rest taken by chance. Always taking the best would
 * send every router's work to the same deployment until its figures are news.
 *
 * Source: Mitzenmacher, "The power of two choices in randomized load balancing" (2001).
 */
export const byHeadroom: Order = (candidates, { random }) => {
  const rest = [...candidates];
  const order: LiveCandidate[] = [];
  while (rest.length > 1) {
    const first = Math.floor(random() * rest.length);
    const offset = 1 + Math.floor(random() * (rest.length - 1));
    const second = (first + offset) % rest.length;
    const better = rest[first]!.state.headroom >= rest[second]!.state.headroom ? first : second;
    order.push(...rest.splice(better, 1));
  }
  return [...order, ...rest];
};

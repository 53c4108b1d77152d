import type { LiveCandidate, Order, OrderContext } from './order.js';

/**
 * An order by chance in which each place goes to one of the rest in proportion to its weight. Weight 0 goes
 * last, an infinite one first.
 *
 * Source: Efraimidis and Spirakis, "Weighted random sampling with a reservoir" (2006).
 */
export function byChance(weight: (candidate: LiveCandidate, context: OrderContext) => number): Order {
  return (candidates, context) =>
    candidates
      .map((candidate) => ({
        candidate,
        key: -Math.log(1 - context.random()) / weight(candidate, context),
      }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ candidate }) => candidate);
}

import { expectedCostMicroUsd } from './expected-cost.js';
import type { Order } from './order.js';

/** The cheapest for this very job first: what is cheap for long prompts may be dear for long answers. */
export const byCost: Order = (candidates, { needs }) =>
  candidates.toSorted(
    (a, b) => expectedCostMicroUsd(a.deployment, needs) - expectedCostMicroUsd(b.deployment, needs),
  );

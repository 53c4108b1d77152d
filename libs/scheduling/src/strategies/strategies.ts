import type { ProviderPreferences, Strategy } from '../preferences/routing-preferences.js';
import { byChance } from './by-chance.js';
import { byCost } from './by-cost.js';
import { byFirstToken, byThroughput } from './by-figure.js';
import { byHeadroom } from './by-headroom.js';
import { expectedCostMicroUsd } from './expected-cost.js';
import type { Order } from './order.js';

export const ORDERS: Readonly<Record<Strategy, Order>> = {
  ordered: (candidates) => [...candidates],
  weighted: byChance(({ deployment }) => deployment.weight ?? 1),
  cheapest: byCost,
  fastest: byFirstToken,
  throughput: byThroughput,
  'least-loaded': byHeadroom,
  // The conversation's own deployment is brought to the front whatever the strategy; this is for the rest.
  sticky: byHeadroom,
  balanced: byChance(({ deployment }, { needs }) => expectedCostMicroUsd(deployment, needs) ** -2),
};

/** The strategy behind a value of `provider.sort`. */
export function strategyOfSort(sort: NonNullable<ProviderPreferences['sort']>): Strategy {
  switch (typeof sort === 'string' ? sort : sort.by) {
    case 'price':
      return 'cheapest';
    case 'throughput':
      return 'throughput';
    case 'latency':
      return 'fastest';
  }
}

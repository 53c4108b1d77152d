import { inOrder, poissonArrivals, tenantsNamed } from '../load/arrivals.js';
import { DAY_MS, HOUR_MS, type Scenario } from './scenario.js';

const HALVED_FROM = 8 * HOUR_MS;
const HALVED_UNTIL = 16 * HOUR_MS;

/** Nobody configured the provider's limit, and for eight hours it is half of what it was. */
export const halvedLimit: Scenario = {
  name: 'halved-limit',
  title: 'A limit that halves without notice',
  about:
    'the provider takes 64 calls at a time, from hour 8 to hour 16 only 32; Penstock was told 256; more work than that in two classes; one day',
  untilMs: DAY_MS,
  deployments: [
    {
      id: 'provider/model',
      configured: 256,
      capacity: (atMs) => (atMs >= HALVED_FROM && atMs < HALVED_UNTIL ? 32 : 64),
    },
  ],
  arrivals: (random) =>
    inOrder(
      poissonArrivals({
        tenants: tenantsNamed('chat', 20),
        perSecond: () => 2,
        peakPerSecond: 2,
        untilMs: DAY_MS,
        shape: { class: 'interactive', meanServiceMs: 4_000 },
        random,
      }),
      poissonArrivals({
        tenants: tenantsNamed('bulk', 10),
        perSecond: () => 7,
        peakPerSecond: 7,
        untilMs: DAY_MS,
        shape: { class: 'batch', meanServiceMs: 10_000 },
        random,
      }),
    ),
};

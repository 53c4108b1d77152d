import { backlog, inOrder, poissonArrivals, tenantsNamed } from '../load/arrivals.js';
import { DAY_MS, type Scenario } from './scenario.js';

const shape = { class: 'standard' as const, meanServiceMs: 8_000 };
const light = tenantsNamed('light', 999);

/** Half of the capacity is asked for by 999 tenants; one more brings half a day's work at once. */
export const heavyTenant: Scenario = {
  name: 'heavy-tenant',
  title: 'One heavy tenant against 999 light ones',
  about: '32 slots, 8 s a job; 999 tenants use half of it, one brings 200,000 jobs at the start; one day',
  untilMs: DAY_MS,
  deployments: [{ id: 'provider/model', configured: 32, capacity: () => 32 }],
  arrivals: (random) =>
    inOrder(
      backlog('heavy', 200_000, 0, shape, random),
      poissonArrivals({
        tenants: light,
        perSecond: () => 2,
        peakPerSecond: 2,
        untilMs: DAY_MS,
        shape,
        random,
      }),
    ),
  groupOf: ({ tenant }) => (tenant === 'heavy' ? 'heavy tenant' : 'light tenants'),
};

import { inOrder, poissonArrivals, tenantsNamed } from '../load/arrivals.js';
import type { SimulatedJob } from '../load/simulated-job.js';
import { DAY_MS, HOUR_MS, type Scenario } from './scenario.js';

const OUT_FROM = 6 * HOUR_MS;
const OUT_UNTIL = 8 * HOUR_MS;

const source = (
  name: string,
  deployment: string,
  priorityClass: SimulatedJob['class'],
  perSecond: number,
  meanServiceMs: number,
) => ({
  tenants: tenantsNamed(`${name}-${deployment[0]}`, 10),
  deployment,
  priorityClass,
  perSecond,
  meanServiceMs,
});

const sources = ['alpha/model', 'beta/model'].flatMap((deployment) => [
  source('chat', deployment, 'interactive', 0.8, 4_000),
  source('agent', deployment, 'standard', 0.8, 10_000),
  source('bulk', deployment, 'batch', 0.8, 10_000),
]);

/** Of two providers with work of their own, one is out for two hours, and comes back to what has piled up. */
export const outage: Scenario = {
  name: 'outage',
  title: 'An outage of one of two providers, and its end',
  about:
    'two providers of 24 slots each with a load of 80 % in three classes; people wait 30 s; alpha fails every call from hour 6 to hour 8; one day',
  untilMs: DAY_MS,
  deployments: [
    {
      id: 'alpha/model',
      configured: 24,
      capacity: (atMs) => (atMs >= OUT_FROM && atMs < OUT_UNTIL ? 0 : 24),
    },
    { id: 'beta/model', configured: 24, capacity: () => 24 },
  ],
  arrivals: (random) =>
    inOrder(
      ...sources.map((one) =>
        poissonArrivals({
          tenants: one.tenants,
          perSecond: () => one.perSecond,
          peakPerSecond: one.perSecond,
          untilMs: DAY_MS,
          shape: {
            class: one.priorityClass,
            meanServiceMs: one.meanServiceMs,
            runsOn: [one.deployment],
            ...(one.priorityClass === 'interactive' && { deadlineInMs: 30_000 }),
          },
          random,
        }),
      ),
    ),
  groupOf: (job) => `${job.class} on ${job.runsOn?.[0]?.startsWith('beta') ? 'beta' : 'alpha'}`,
};

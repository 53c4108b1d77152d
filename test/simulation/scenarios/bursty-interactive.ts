import { backlog, inOrder, poissonArrivals, tenantsNamed } from '../load/arrivals.js';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Scenario } from './scenario.js';

const until = 2 * DAY_MS;
const PEAK = 20;

/**
 * Five jobs a second for a minute in every ten, and one in two seconds between; but for two hours of the first
 * evening more than all slots could do.
 */
function bursts(atMs: number): number {
  if (atMs >= 18 * HOUR_MS && atMs < 20 * HOUR_MS) return PEAK;
  return atMs % (10 * MINUTE_MS) < MINUTE_MS ? 5 : 0.5;
}

export const burstyInteractive: Scenario = {
  name: 'bursty-interactive',
  title: 'Bursty interactive work over a million-line backlog',
  about:
    '64 slots; a million batch lines of 6 s with two days to go; 20 tenants with bursts of interactive jobs of 4 s, for two hours more than fit, whose people wait 30 s; 10 with standard jobs of 8 s due in 30 min; two days',
  untilMs: until,
  deployments: [{ id: 'provider/model', configured: 64, capacity: () => 64 }],
  arrivals: (random) =>
    inOrder(
      backlog(
        'overnight',
        1_000_000,
        0,
        { class: 'batch', meanServiceMs: 6_000, deadlineInMs: 48 * HOUR_MS },
        random,
      ),
      poissonArrivals({
        tenants: tenantsNamed('chat', 20),
        perSecond: bursts,
        peakPerSecond: PEAK,
        untilMs: until,
        shape: { class: 'interactive', meanServiceMs: 4_000, deadlineInMs: 30_000 },
        random,
      }),
      poissonArrivals({
        tenants: tenantsNamed('agent', 10),
        perSecond: () => 0.35,
        peakPerSecond: 0.35,
        untilMs: until,
        shape: { class: 'standard', meanServiceMs: 8_000, deadlineInMs: 30 * MINUTE_MS },
        random,
      }),
    ),
};

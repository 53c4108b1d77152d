import { runScenario } from './run-scenario.js';
import { backlog, inOrder, poissonArrivals, tenantsNamed } from './load/arrivals.js';
import { FairPolicy } from './policies/fair-policy.js';
import { makeFifoPolicy } from './policies/plain-policies.js';
import { HOUR_MS, MINUTE_MS, type Scenario } from './scenarios/scenario.js';

/** The scenarios of `npm run simulate`, small enough to be run with every test. */
describe('the scheduler under a simulated load', () => {
  const heavy: Scenario = {
    name: 'heavy',
    title: '',
    about: '',
    untilMs: 2 * HOUR_MS,
    deployments: [{ id: 'provider/model', configured: 16, capacity: () => 16 }],
    arrivals: (random) =>
      inOrder(
        backlog('heavy', 20_000, 0, { class: 'standard', meanServiceMs: 8_000 }, random),
        poissonArrivals({
          tenants: tenantsNamed('light', 50),
          perSecond: () => 1,
          peakPerSecond: 1,
          untilMs: 2 * HOUR_MS,
          shape: { class: 'standard', meanServiceMs: 8_000 },
          random,
        }),
      ),
    groupOf: ({ tenant }) => (tenant === 'heavy' ? 'heavy' : 'light'),
  };

  it('starts light tenants at once while a heavy one has hours of work queued, and wastes nothing', () => {
    const fair = runScenario(heavy, new FairPolicy(), 1);
    // One that brings a second job while its first is under way has to share: up to five service times.
    expect(fair.waitQuantileMs('light', 0.5)!).toBeLessThan(2_000);
    expect(fair.waitQuantileMs('light', 0.99)!).toBeLessThan(5 * 8_000);
    expect(fair.utilisation).toBeGreaterThan(0.99);
    expect(fair.meanFairness).toBeGreaterThan(0.98);
    const fifo = runScenario(heavy, makeFifoPolicy(), 1);
    expect(fifo.meanFairness).toBeLessThan(0.1);
  });

  it('finds a limit that nobody configured, follows it when it halves, and is refused rarely', () => {
    const halved: Scenario = {
      name: 'halved',
      title: '',
      about: '',
      untilMs: 2 * HOUR_MS,
      deployments: [
        { id: 'provider/model', configured: 128, capacity: (atMs) => (atMs < HOUR_MS ? 32 : 16) },
      ],
      arrivals: (random) => backlog('bulk', 30_000, 0, { class: 'batch', meanServiceMs: 5_000 }, random),
    };
    const measured = runScenario(halved, new FairPolicy(), 1);
    expect(measured.utilisation).toBeGreaterThan(0.9);
    const [, found] = measured.minutes;
    const refused = measured.refused - found!.refused;
    expect(refused / (measured.calls - found!.calls)).toBeLessThan(0.02);
    expect(measured.deadLettered).toBe(0);
  });

  it('spends next to no attempts on a provider that is out, and leaves the other one’s work alone', () => {
    const shape = { class: 'standard' as const, meanServiceMs: 5_000 };
    const source = (tenant: string, deployment: string) => (random: () => number) =>
      poissonArrivals({
        tenants: tenantsNamed(tenant, 5),
        perSecond: () => 1.5,
        peakPerSecond: 1.5,
        untilMs: 3 * HOUR_MS,
        shape: { ...shape, runsOn: [deployment] },
        random,
      });
    const out: Scenario = {
      name: 'out',
      title: '',
      about: '',
      untilMs: 4 * HOUR_MS,
      deployments: [
        {
          id: 'alpha',
          configured: 16,
          capacity: (atMs) => (atMs >= HOUR_MS && atMs < 90 * MINUTE_MS ? 0 : 16),
        },
        { id: 'beta', configured: 16, capacity: () => 16 },
      ],
      arrivals: (random) => inOrder(source('a', 'alpha')(random), source('b', 'beta')(random)),
      groupOf: (job) => job.runsOn?.[0],
    };
    const measured = runScenario(out, new FairPolicy(), 1);
    expect(measured.failed).toBeLessThan(120);
    expect(measured.refused).toBe(0);
    expect(measured.deadLettered).toBe(0);
    expect(measured.waitQuantileMs('beta', 0.99)!).toBeLessThan(5_000);
    // Everything that waited was done in the end.
    expect(measured.minutes.at(-1)!.waiting).toBe(0);
  });
});

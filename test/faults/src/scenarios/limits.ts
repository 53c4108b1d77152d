import { providerLedger } from '../load/provider.js';
import type { ProviderEntry } from '../judge/tables.js';
import { CONCURRENCY } from '../system/configuration.js';
import { pause } from './pause.js';
import type { Scenario } from './scenario.js';

const MODEL = 'sim-flaky';

export const LIMITS: Scenario = {
  name: 'kill-at-the-limit',
  fault:
    'router and worker are killed in turn, and the worker drained, while a backlog takes every place of a deployment',
  shows: 'every place is taken, and never one more than there are',
  kind: 'single',
  async run({ system, load, simulate, random, check, note }) {
    await simulate(MODEL, { faults: [], latency: { firstTokenMs: 150 } });
    const before = (await providerLedger(system.simulatorUrl, 0)).at(-1)?.sequence ?? 0;
    const backlog = {
      models: ['lonely'],
      shares: { job: 0.5, publish: 0.5 },
      order: '',
      repeated: 0,
    } as const;
    for (const [name, signal] of [
      ['router', 'SIGKILL'],
      ['worker', 'SIGKILL'],
      ['worker', 'SIGTERM'],
    ] as const) {
      load.burst(300, backlog);
      await pause(700 + random() * 600);
      const service = system.services[name];
      await service.end(signal);
      service.start();
      await service.ready();
    }
    // What a worker that was killed had of the limit comes free when it is known to be dead.
    load.burst(600, backlog);
    await load.ended();
    await pause(3_000);
    const most = mostAtOnce(await providerLedger(system.simulatorUrl, before));
    note('most at once', most);
    check('every place was taken', most >= CONCURRENCY, `${most} of ${CONCURRENCY}`);
  },
};

/** How many calls of the model were under way at a time, at most. */
function mostAtOnce(entries: readonly ProviderEntry[]): number {
  const changes = entries
    .filter(({ model }) => model === MODEL)
    .flatMap(({ startedAtMs, endedAtMs }) => [
      { atMs: startedAtMs, change: 1 },
      { atMs: endedAtMs, change: -1 },
    ])
    .sort((a, b) => a.atMs - b.atMs || a.change - b.change);
  let most = 0;
  let now = 0;
  for (const { change } of changes) most = Math.max(most, (now += change));
  return most;
}

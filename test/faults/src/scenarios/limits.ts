import { eventually } from '@penstock/testing';
import { callsUnderWay } from '../load/provider.js';
import { CONCURRENCY } from '../system/configuration.js';
import { pause } from './pause.js';
import type { Scenario } from './scenario.js';

export const LIMITS: Scenario = {
  name: 'kill-at-the-limit',
  fault:
    'the worker is killed and drained, and the router killed, each while every place of a deployment is taken',
  shows: 'every place is taken again, and never one more than there are',
  kind: 'single',
  async run({ system, load, simulate, random, check }) {
    await simulate('sim-flaky', { faults: [], latency: { firstTokenMs: 150 } });
    const backlog = {
      models: ['lonely'],
      shares: { job: 0.5, publish: 0.5 },
      order: '',
      repeated: 0,
    } as const;
    const isFull = () =>
      eventually(async () => (await callsUnderWay(system.simulatorUrl)) >= CONCURRENCY, {
        timeoutMs: 30_000,
      }).catch(() => false);
    for (const [name, signal] of [
      ['worker', 'SIGKILL'],
      ['worker', 'SIGTERM'],
      ['router', 'SIGKILL'],
    ] as const) {
      load.burst(400, backlog);
      check(`every place was taken when ${name} got ${signal}`, await isFull());
      await pause(random() * 300);
      const service = system.services[name];
      await service.end(signal);
      service.start();
      await service.ready();
    }
    load.burst(400, backlog);
    check('every place was taken again', await isFull());
    await load.ended();
  },
};

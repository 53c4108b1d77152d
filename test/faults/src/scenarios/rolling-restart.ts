import { SERVICES } from '../system/service.js';
import { pause } from './pause.js';
import type { Scenario } from './scenario.js';

export const ROLLING_RESTART: Scenario = {
  name: 'rolling-restart',
  fault:
    'every service but the ingress is drained with SIGTERM and started again, one after another, under load',
  shows: 'each ends within its grace; no call that waits fails',
  kind: 'single',
  async run({ system, load, ledger, check }) {
    load.start({ perSecond: 25 });
    await pause(500);
    for (const name of SERVICES.filter((service) => service !== 'ingress')) {
      const service = system.services[name];
      const askedAtMs = Date.now();
      await service.end('SIGTERM');
      check(`${name} ended within 40 s`, Date.now() - askedAtMs < 40_000);
      service.start();
      await service.ready();
    }
    await pause(500);
    await load.ended();
    const failed = ledger.entries.filter(
      ({ kind, via, status }) => (via === 'sync' || via === 'stream') && kind !== 'sent' && status !== 200,
    );
    check('no call failed', failed.length === 0, JSON.stringify(failed.slice(0, 3)));
  },
};

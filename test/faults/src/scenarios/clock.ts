import { pause } from './pause.js';
import type { Scenario } from './scenario.js';

const HOUR_MS = 3_600_000;

export const CLOCK: readonly Scenario[] = [
  {
    name: 'clock-jumps',
    fault:
      'the wall clock of router, worker, accounting and ingress jumps by +1 day, -1 hour and back, one after the other, under load',
    shows: 'no lease is lost for it, no job is lost or done twice',
    kind: 'single',
    async run({ system, load, ledger, check }) {
      load.start({ perSecond: 25 });
      for (const offsetMs of [24 * HOUR_MS, -HOUR_MS, 0]) {
        for (const name of ['router', 'worker', 'accounting', 'ingress'] as const) {
          system.services[name].shiftClock(offsetMs);
          await pause(350);
        }
      }
      await load.ended();
      const failed = ledger.entries.filter(({ kind, status }) => kind === 'answered' && (status ?? 0) >= 500);
      // A call that comes in while two clocks differ by a day may be taken to have waited for one; for how long they differ is
      // left to the machine.
      check(
        'most calls were answered',
        failed.length * 2 < ledger.count('answered'),
        `${failed.length} were not`,
      );
    },
  },
];

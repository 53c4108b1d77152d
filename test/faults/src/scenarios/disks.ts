import { eventually } from '@penstock/testing';
import { fillDisk, freeDisk } from '../system/small-disk.js';
import { pause } from './pause.js';
import type { Scenario } from './scenario.js';

export const DISKS: readonly Scenario[] = [
  {
    name: 'disk-full-nats',
    fault: 'the disk of nats-server is full for 6 s, and has room again',
    shows: 'what cannot be stored is refused; all that was accepted is done afterwards',
    kind: 'small disks',
    quietWithinMs: 90_000,
    async run({ system, load, ledger, check, note }) {
      load.start({ perSecond: 25 });
      await pause(1_000);
      fillDisk(system.disks.nats);
      await pause(6_000);
      freeDisk(system.disks.nats);
      const sinceMs = Date.now();
      // Its log says whether a server goes on by itself; one that does not is started again, as an operator would.
      const again = () =>
        ledger.entries.some(({ kind, atMs }) => kind === 'accepted' && atMs > sinceMs + 500);
      const byItself = await eventually(again, { timeoutMs: 12_000 }).catch(() => false);
      note('went on by itself', byItself ? 1 : 0);
      if (!byItself) {
        await system.nats[0]?.process.stop();
        await system.nats[0]?.process.start();
        await eventually(again, { timeoutMs: 30_000, what: 'a job accepted again' });
      }
      check('jobs were accepted again', again());
      await pause(500);
    },
  },
  {
    name: 'disk-full-postgres',
    fault: 'the disk of Postgres is full for 5 s, and has room again',
    shows: 'calls go on meanwhile; every row is written afterwards',
    kind: 'small disks',
    quietWithinMs: 60_000,
    async run({ system, load, ledger, check }) {
      load.start({ perSecond: 25 });
      await pause(500);
      fillDisk(system.disks.postgres);
      const fullAtMs = Date.now();
      await pause(5_000);
      const answered = ledger.entries.filter(
        ({ kind, status, atMs }) => kind === 'answered' && status === 200 && atMs > fullAtMs,
      );
      check('calls were answered meanwhile', answered.length > 0);
      freeDisk(system.disks.postgres);
      await pause(300);
      // A Postgres that could not write its log has ended itself; an operator starts it again.
      if (system.postgres.pid === undefined) await system.postgres.start();
    },
  },
];

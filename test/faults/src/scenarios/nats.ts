import { pause } from './pause.js';
import type { Scenario, Stage } from './scenario.js';

/** The server of queues and events, in a system that has one of it. */
export const NATS: readonly Scenario[] = [
  {
    name: 'nats-killed',
    fault: 'SIGKILL of nats-server under load, started again on its store',
    shows: 'jobs in memory are published again by who still waits for them',
    kind: 'single',
    core: true,
    async run({ system, load, random, check }: Stage) {
      const [node] = system.nats;
      load.start();
      await pause(800 + random() * 800);
      await node?.process.kill();
      await pause(random() * 500);
      await node?.process.start();
      await pause(1_500);
      check(
        'jobs were accepted again',
        load.ledger.entries.some(({ kind, atMs }) => kind === 'accepted' && atMs > Date.now() - 1_500),
      );
    },
  },
  {
    name: 'nats-stopped',
    fault: 'nats-server frozen (SIGSTOP) for 8 s, in the long form for 60 s, its sockets open',
    shows: 'nothing is accepted meanwhile',
    kind: 'single',
    quietWithinMs: 90_000,
    async run({ system, load, random, long, check }: Stage) {
      const [node] = system.nats;
      load.start({ perSecond: 25 });
      await pause(500 + random() * 1_000);
      node?.process.freeze();
      const frozenAtMs = Date.now();
      await pause(long ? 60_000 : 8_000);
      const meanwhile = load.ledger.entries.filter(
        ({ kind, status, atMs }) =>
          atMs > frozenAtMs + 100 && (kind === 'accepted' || (kind === 'answered' && status === 200)),
      );
      check('nothing was accepted or answered meanwhile', meanwhile.length === 0, `${meanwhile.length}`);
      node?.process.thaw();
      await pause(1_500);
    },
  },
  {
    name: 'nats-wiped',
    fault: 'nats-server killed and its store removed: all streams, consumers and buckets are gone',
    shows: 'streams are made anew, and all that is accepted from then on is done',
    kind: 'single',
    async run({ system, load, random, check, wiped }: Stage) {
      const [node] = system.nats;
      load.start();
      await pause(800 + random() * 800);
      load.stop();
      await node?.process.kill();
      node?.wipe();
      await node?.process.start();
      await wiped();
      await system.ready();
      const wipedAtMs = Date.now();
      load.start();
      await pause(3_000);
      const later = load.ledger.entries.filter(({ kind, atMs }) => kind === 'accepted' && atMs > wipedAtMs);
      check('jobs were accepted again', later.length > 10, `${later.length}`);
    },
  },
];

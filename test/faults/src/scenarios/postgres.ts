import pg from 'pg';
import { pause } from './pause.js';
import type { Scenario, Stage } from './scenario.js';

/** Jobs do not need Postgres: they are accepted and answered while it is away, and rows are written when it is back. */
function answeredSince({ ledger }: Stage, sinceMs: number): number {
  return ledger.entries.filter(
    ({ kind, status, atMs }) => kind === 'answered' && status === 200 && atMs > sinceMs,
  ).length;
}

export const POSTGRES: readonly Scenario[] = [
  {
    name: 'postgres-killed',
    fault: 'SIGKILL of Postgres under load, all its backends with it; back after 2 s',
    shows: 'calls go on meanwhile; no service ends',
    kind: 'single',
    core: true,
    async run(stage) {
      const { system, load, check, random } = stage;
      const pids = () => Object.values(system.services).map(({ pid }) => pid);
      const before = pids();
      load.start();
      await pause(500 + random() * 500);
      await system.postgres.kill();
      const killedAtMs = Date.now();
      await pause(2_000);
      check('calls were answered meanwhile', answeredSince(stage, killedAtMs) > 0);
      await system.postgres.start();
      await pause(500);
      check('no service ended', JSON.stringify(pids()) === JSON.stringify(before));
    },
  },
  {
    name: 'postgres-frozen',
    fault: 'Postgres does not answer for 8 s, in the long form 30 s, its sockets open',
    shows: 'calls go on meanwhile; no service ends',
    kind: 'single',
    async run(stage) {
      const { system, load, check, long } = stage;
      load.start({ perSecond: 25 });
      await pause(500);
      system.postgresLine.partition();
      const frozenAtMs = Date.now();
      await pause(long ? 30_000 : 8_000);
      check('calls were answered meanwhile', answeredSince(stage, frozenAtMs) > 0);
      system.postgresLine.heal();
      await pause(500);
    },
  },
  {
    name: 'postgres-cut',
    fault: 'every connection to Postgres is reset, five times in a row',
    shows: 'transactions that were cut are done again, and count once',
    kind: 'single',
    async run({ system, load, random }) {
      load.start();
      for (let i = 0; i < 5; i++) {
        await pause(300 + random() * 300);
        system.postgresLine.cut();
      }
      await pause(300);
    },
  },
  {
    name: 'postgres-full-house',
    fault: 'somebody else takes every connection that Postgres gives, for 4 s',
    shows: 'calls go on meanwhile',
    kind: 'single',
    async run(stage) {
      const { system, load, check } = stage;
      load.start({ perSecond: 25 });
      await pause(300);
      const { connectionString } = system.sql.options;
      const taken: pg.Client[] = [];
      for (let refused = 0; refused < 3;) {
        const client = new pg.Client({ connectionString: connectionString ?? '' });
        client.on('error', () => undefined);
        await client.connect().then(
          () => taken.push(client),
          () => refused++,
        );
      }
      // Those that services hold are taken from them, so that they have to ask for new ones.
      await taken[0]?.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'penstock-%'`,
      );
      const fullAtMs = Date.now();
      await pause(4_000);
      check('calls were answered meanwhile', answeredSince(stage, fullAtMs) > 0);
      await Promise.all(taken.map((client) => client.end()));
      await pause(300);
    },
  },
];

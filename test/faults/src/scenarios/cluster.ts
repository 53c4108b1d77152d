import { STREAM } from '@penstock/contracts';
import { eventually } from '@penstock/testing';
import type { System } from '../system/start-system.js';
import { pause } from './pause.js';
import type { Scenario, Stage } from './scenario.js';

async function leaderOf({ connection, nats }: System, stream: string) {
  const name = (await connection.jsm.streams.info(stream)).cluster?.leader;
  const node = nats.find((one) => one.name === name);
  if (!node) throw new Error(`the cluster does not say who leads ${stream}`);
  return node;
}

/** Waits until something is accepted that was not before. Resolves with how long it took. */
async function acceptedAgain({ ledger }: Stage): Promise<number> {
  const sinceMs = Date.now();
  await eventually(() => ledger.entries.some(({ kind, atMs }) => kind === 'accepted' && atMs > sinceMs), {
    timeoutMs: 30_000,
    what: 'a job accepted again',
  });
  return Date.now() - sinceMs;
}

/** Three servers, three copies of everything. */
export const CLUSTER: readonly Scenario[] = [
  {
    name: 'cluster-leader-killed',
    fault:
      'SIGKILL of the server that leads LANES, in a cluster of three; its store removed in every second run',
    shows: 'jobs are accepted again within 15 s; nothing that was accepted is lost',
    kind: 'cluster',
    quietWithinMs: 90_000,
    async run(stage) {
      const { system, load, random, check, note, round } = stage;
      load.start({ perSecond: 20 });
      await pause(700 + random() * 700);
      const leader = await leaderOf(system, STREAM.durable);
      await leader.process.kill();
      const outageMs = await acceptedAgain(stage);
      note('outage ms', outageMs);
      check('accepted again within 15 s', outageMs < 15_000, `${outageMs} ms`);
      await pause(1_000);
      if (round % 2 === 1) leader.wipe();
      await leader.process.start();
      await pause(1_500);
    },
  },
  {
    name: 'cluster-two-paused',
    fault: 'two of three servers are frozen for 6 s, in the long form for 30 s',
    shows: 'nothing is accepted without a majority; work goes on when it is back',
    kind: 'cluster',
    quietWithinMs: 90_000,
    async run(stage) {
      const { system, load, ledger, check, long } = stage;
      load.start({ perSecond: 15 });
      await pause(800);
      const [first, second] = system.nats;
      first?.process.freeze();
      second?.process.freeze();
      const frozenAtMs = Date.now();
      await pause(long ? 30_000 : 6_000);
      const durable = ledger.entries.filter(
        ({ kind, atMs }) => kind === 'accepted' && atMs > frozenAtMs + 1_000,
      );
      check('nothing was accepted meanwhile', durable.length === 0, `${durable.length}`);
      first?.process.thaw();
      second?.process.thaw();
      const outageMs = await acceptedAgain(stage);
      check('accepted again within 20 s', outageMs < 20_000, `${outageMs} ms`);
      await pause(1_000);
    },
  },
  {
    name: 'cluster-partition',
    fault:
      'the server that leads LANES is cut off from the other two for 8 s: it runs, its clients reach it, its peers do not',
    shows: 'the minority accepts nothing; the majority goes on',
    kind: 'cluster',
    quietWithinMs: 90_000,
    async run(stage) {
      const { system, load, random, note } = stage;
      load.start({ perSecond: 20 });
      await pause(700 + random() * 500);
      const leader = await leaderOf(system, STREAM.durable);
      // Lines from it and towards it: two servers are connected by whichever of them called first.
      for (const node of system.nats) {
        for (const { to, line } of node.routes) if (node === leader || to === leader.name) line.partition();
      }
      await pause(8_000);
      for (const node of system.nats) for (const { line } of node.routes) line.heal();
      note('outage ms', await acceptedAgain(stage));
      await pause(1_000);
    },
  },
];

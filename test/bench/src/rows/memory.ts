import { setTimeout as pause } from 'node:timers/promises';
import type { Gateway } from '../gateways/gateway.js';
import { startMusistudio } from '../gateways/musistudio.js';
import { startPortkey } from '../gateways/portkey.js';
import type { Penstock } from '../gateways/start-penstock.js';
import { usageOf } from '../machine/process-usage.js';
import { proportionalMiB } from '../machine/proportional-memory.js';
import type { Workbench } from '../workbench.js';
import { inTurn, type Once } from './in-turn.js';
import { all, compare, figureOf, judge, say } from './judge.js';
import { measureLoad } from './measure-load.js';
import type { Row } from './row.js';
import { runBatch } from './run-batch.js';

const CLIENTS = 64;
const SAMPLE_EVERY_MS = 250;
/** Starting and settling takes most of the time, and memory differs little from run to run. */
const MOST_RUNS = 2;

/** Memory of systems that have just been started, before and under load. */
export const memory: Row = {
  name: 'memory',
  title: 'Memory of the Node processes',
  async measure(bench) {
    const systems = [
      { name: 'Penstock', start: (): Promise<Gateway> => bench.startPenstock({}) },
      { name: '@portkey-ai/gateway', start: () => startPortkey(bench.upstream, bench.peers()) },
      { name: '@musistudio/llms', start: () => startMusistudio(bench.upstream, bench.peers()) },
    ];
    const at = 'idle, then loaded';
    const few = { ...bench, runs: Math.min(bench.runs, MOST_RUNS) };
    const cells = await inTurn(few, at, systems, async ({ start }) => {
      const gateway = await start();
      try {
        return await measureOnce(bench, gateway);
      } finally {
        await gateway.stop();
      }
    });
    const idle = figureOf(cells, 'Penstock', at, 'idleMiB');
    const loaded = figureOf(cells, 'Penstock', at, 'loadedMiB');
    return {
      about: `Resident memory, summed over the Node processes of a freshly started system; what processes share counts for each of them, and once
in the proportional figures. Loaded: the most seen during sync calls, then streams, at ${CLIENTS} clients, for Penstock also a batch. nats-server and
Postgres are beside, and so is the store of any other queue.`,
      columns: [
        { figure: 'processes', title: 'Processes', digits: 0 },
        { figure: 'idleMiB', title: 'Idle MiB', digits: 0 },
        { figure: 'loadedMiB', title: 'Loaded MiB', digits: 0 },
        { figure: 'idleProportionalMiB', title: 'Idle, proportional', digits: 0 },
        { figure: 'loadedProportionalMiB', title: 'Loaded, proportional', digits: 0 },
        { figure: 'serversMiB', title: 'Servers, loaded, proportional', digits: 0 },
      ],
      cells,
      verdicts: [
        judge(
          {
            work: 'Memory of all Node processes, idle / loaded',
            least: '≤ 450 / 700 MB',
            aim: '≤ 260 / 360 MB',
            measured: `${say(megabytes(idle), 0)} / ${say(megabytes(loaded), 0)} MB`,
          },
          all([compare(megabytes(idle), '<=', 450), compare(megabytes(loaded), '<=', 700)]),
          all([compare(megabytes(idle), '<=', 260), compare(megabytes(loaded), '<=', 360)]),
        ),
      ],
      drawn: { figure: 'loadedMiB', title: 'Memory of all Node processes under load, MiB' },
    };
  },
};

async function measureOnce(bench: Workbench, gateway: Gateway): Promise<Once> {
  const { settleSeconds, loadedSeconds, batchLines } = bench.scale;
  for (const pid of gateway.pids()) bench.guard.watch(pid);
  await pause(settleSeconds * 1_000);
  const nodePids = gateway.nodePids();
  const idleMiB = usageOf(nodePids).residentMiB;
  const idleProportionalMiB = proportionalMiB(nodePids);
  let loadedMiB = 0;
  let loadedProportionalMiB = 0;
  const sampler = setInterval(() => {
    loadedMiB = Math.max(loadedMiB, usageOf(nodePids).residentMiB);
    loadedProportionalMiB = Math.max(loadedProportionalMiB, proportionalMiB(nodePids));
  }, SAMPLE_EVERY_MS);
  let failed = 0;
  try {
    for (const stream of [false, true]) {
      const load = { connections: CLIENTS, seconds: loadedSeconds, latencyMs: 0, stream };
      failed += (await measureLoad(gateway, load)).failed;
    }
    if (isPenstock(gateway)) {
      const { httpUrl } = gateway.installation;
      failed += (await runBatch(httpUrl, gateway.key, 'after-20', batchLines)).failed;
    }
  } finally {
    clearInterval(sampler);
  }
  const servers = gateway.pids().filter((pid) => !nodePids.includes(pid));
  const serversMiB = servers.length > 0 ? proportionalMiB(servers) : NaN;
  for (const pid of gateway.pids()) bench.guard.release(pid);
  const processes = nodePids.length;
  return {
    figures: { processes, idleMiB, loadedMiB, idleProportionalMiB, loadedProportionalMiB, serversMiB },
    failed,
  };
}

function isPenstock(gateway: Gateway): gateway is Penstock {
  return gateway.role === 'own';
}

function megabytes(mib: number): number {
  return (mib * 1024 ** 2) / 1e6;
}

import { compare, figureOf, judge, say } from './judge.js';
import { inTurn } from './in-turn.js';
import { measureLoad, warmUp } from './measure-load.js';
import type { Cell, Row } from './row.js';

const CLIENTS = [1, 64];

/** Sync JSON before an upstream that answers at once: what a system costs when it is all there is. */
export const sync: Row = {
  name: 'sync',
  title: 'Sync JSON, an upstream that answers at once',
  async measure(bench) {
    const gateways = await bench.gateways();
    const cells: Cell[] = [];
    // Code is compiled after some thousand calls, which with one client take longer than all that is measured.
    const most = Math.max(...CLIENTS);
    await warmUp(gateways, {
      connections: most,
      latencyMs: 0,
      stream: false,
      seconds: 2 * bench.scale.warmUpSeconds,
    });
    for (const connections of CLIENTS) {
      const load = { connections, latencyMs: 0, stream: false };
      await warmUp(gateways, { ...load, seconds: bench.scale.warmUpSeconds });
      cells.push(
        ...(await inTurn(bench, clients(connections), gateways, async (gateway) => {
          const { perSecond, p50Ms, p99Ms, cpuSecondsPerThousand, residentMiB, failed } = await measureLoad(
            gateway,
            { ...load, seconds: bench.scale.syncSeconds },
          );
          return { figures: { perSecond, p50Ms, p99Ms, cpuSecondsPerThousand, residentMiB }, failed };
        })),
      );
    }
    const busy = (system: string, figure: string) => figureOf(cells, system, clients(64), figure);
    const own = busy('Penstock', 'perSecond');
    const portkey = busy('@portkey', 'perSecond');
    const ownCpu = busy('Penstock', 'cpuSecondsPerThousand');
    const portkeyCpu = busy('@portkey', 'cpuSecondsPerThousand');
    const musistudio = busy('@musistudio', 'perSecond');
    return {
      about: `A request of 1 KB, an answer of half a KB. CPU and memory are over all processes of a system; Penstock's include nats-server
and Postgres. Penstock authenticates, queues, keeps its ledger, counts and samples 1 % of the traces; the others keep nothing.
\`direct\` calls the upstream itself: what upstream and load generator can do on the same cores. Each system has served for some seconds
before, the busiest load first.`,
      columns: [
        { figure: 'perSecond', title: 'Requests/s', digits: 0 },
        { figure: 'p50Ms', title: 'p50 ms', digits: 2 },
        { figure: 'p99Ms', title: 'p99 ms', digits: 2 },
        { figure: 'cpuSecondsPerThousand', title: 'CPU-s per 1,000', digits: 3 },
        { figure: 'residentMiB', title: 'MiB', digits: 0 },
      ],
      cells,
      verdicts: [
        judge(
          {
            work: 'Sync JSON, 64 clients, instant upstream, requests/s',
            least: '1.3 × Portkey',
            aim: '> @musistudio/llms',
            measured: `${say(own, 0)} = ${say(own / portkey)} × Portkey, ${say(own / musistudio)} × @musistudio/llms`,
          },
          compare(own, '>=', 1.3 * portkey),
          compare(own, '>', musistudio),
        ),
        judge(
          {
            work: 'CPU per 1,000 sync requests, all processes',
            least: '≤ 0.9 × Portkey',
            aim: '≤ 0.45 s',
            measured: `${say(ownCpu, 3)} s = ${say(ownCpu / portkeyCpu)} × Portkey`,
          },
          compare(ownCpu, '<=', 0.9 * portkeyCpu),
          compare(ownCpu, '<=', 0.45),
        ),
      ],
      drawn: { figure: 'perSecond', title: 'Sync JSON, requests a second' },
    };
  },
};

export function clients(connections: number): string {
  return connections === 1 ? '1 client' : `${connections} clients`;
}

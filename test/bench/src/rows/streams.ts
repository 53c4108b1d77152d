import { compare, figureOf, judge, say } from './judge.js';
import { inTurn } from './in-turn.js';
import { measureLoad, warmUp } from './measure-load.js';
import type { Row } from './row.js';
import { clients } from './sync.js';

const CLIENTS = 64;

/** Streams whose chunks all come at once: what a chunk costs. */
export const streams: Row = {
  name: 'streams',
  title: 'Streams a second, 20 chunks at once',
  async measure(bench) {
    const gateways = await bench.gateways();
    const load = { connections: CLIENTS, latencyMs: 0, stream: true };
    await warmUp(gateways, { ...load, seconds: bench.scale.warmUpSeconds });
    const cells = await inTurn(bench, clients(CLIENTS), gateways, async (gateway) => {
      const { perSecond, p50Ms, p99Ms, cpuSecondsPerThousand, failed } = await measureLoad(gateway, {
        ...load,
        seconds: bench.scale.syncSeconds,
      });
      return { figures: { perSecond, p50Ms, p99Ms, cpuSecondsPerThousand }, failed };
    });
    const of = (system: string) => figureOf(cells, system, clients(CLIENTS), 'perSecond');
    return {
      about: 'An upstream that answers at once, with all chunks in one write.',
      columns: [
        { figure: 'perSecond', title: 'Streams/s', digits: 0 },
        { figure: 'p50Ms', title: 'p50 ms', digits: 2 },
        { figure: 'p99Ms', title: 'p99 ms', digits: 2 },
        { figure: 'cpuSecondsPerThousand', title: 'CPU-s per 1,000', digits: 3 },
      ],
      cells,
      verdicts: [
        judge(
          {
            work: 'Streams/s, 64 clients, 20 chunks at once',
            least: '≥ Portkey',
            aim: '≥ 2,900',
            measured: `${say(of('Penstock'), 0)} = ${say(of('Penstock') / of('@portkey'))} × Portkey`,
          },
          compare(of('Penstock'), '>=', of('@portkey')),
          compare(of('Penstock'), '>=', 2_900),
        ),
      ],
      drawn: { figure: 'perSecond', title: 'Streams a second, 64 clients, 20 chunks at once' },
    };
  },
};

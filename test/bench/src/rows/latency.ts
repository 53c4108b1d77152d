import { added, measureAdded, sayAll, within } from './added.js';
import { judge } from './judge.js';
import type { Row } from './row.js';

/** What a system adds to the time of a call. */
export const latency: Row = {
  name: 'latency',
  title: 'Added latency, an upstream of 50 ms',
  async measure(bench) {
    const cells = await measureAdded(bench, {
      stream: false,
      seconds: bench.scale.latencySeconds,
      times: ({ p50Ms, p99Ms }) => ({ p50Ms, p99Ms }),
    });
    const own = added(cells, 'Penstock');
    const portkey = added(cells, '@portkey');
    return {
      about: 'The median time of a call less the median of the same call without anything between.',
      columns: [
        { figure: 'addedMs', title: 'Added, p50 ms', digits: 2 },
        { figure: 'p50Ms', title: 'p50 ms', digits: 2 },
        { figure: 'p99Ms', title: 'p99 ms', digits: 2 },
        { figure: 'perSecond', title: 'Requests/s', digits: 0 },
      ],
      cells,
      verdicts: [
        judge(
          {
            work: 'Added latency p50, 50 ms upstream, 1 / 16 / 64 / 256 clients',
            least: '≤ Portkey at each',
            aim: '≤ +1.2 / 2.1 / 4.8 / 33 ms',
            measured: `${sayAll(own)}; Portkey ${sayAll(portkey)}`,
          },
          within(own, portkey),
          within(own, [1.2, 2.1, 4.8, 33]),
        ),
      ],
      drawn: { figure: 'addedMs', title: 'Added latency p50 in ms, an upstream of 50 ms' },
    };
  },
};

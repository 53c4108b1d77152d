import { added, measureAdded, sayAll, within } from './added.js';
import { judge } from './judge.js';
import type { Row } from './row.js';

/** What a system adds to the time until a stream begins. */
export const firstByte: Row = {
  name: 'first-byte',
  title: 'Added time to the first byte of a stream',
  async measure(bench) {
    const cells = await measureAdded(bench, {
      stream: true,
      seconds: bench.scale.streamSeconds,
      times: ({ firstByteP50Ms, firstByteP99Ms }) => ({ p50Ms: firstByteP50Ms, p99Ms: firstByteP99Ms }),
    });
    const own = added(cells, 'Penstock');
    return {
      about: `Streams of 20 chunks: the first after 50 ms, then one every 20 ms. The median time to the first byte of the body, less that of
the same stream without anything between. A stream that does not end in \`[DONE]\` counts as failed.`,
      columns: [
        { figure: 'addedMs', title: 'Added, p50 ms', digits: 2 },
        { figure: 'p50Ms', title: 'First byte p50 ms', digits: 2 },
        { figure: 'p99Ms', title: 'First byte p99 ms', digits: 2 },
        { figure: 'perSecond', title: 'Streams/s', digits: 0 },
      ],
      cells,
      verdicts: [
        judge(
          {
            work: 'Added time to first byte of a stream, p50, same',
            least: '≤ +3 / 4 / 8 / 20 ms',
            aim: '≤ +1.7 / 3.0 / 4.8 / 11 ms',
            measured: sayAll(own),
          },
          within(own, [3, 4, 8, 20]),
          within(own, [1.7, 3, 4.8, 11]),
        ),
      ],
      drawn: { figure: 'addedMs', title: 'Added time to the first byte of a stream, p50 in ms' },
    };
  },
};

import { chatBody } from '../gateways/gateway.js';
import { BULLMQ, GRAPHILE_LOCAL, PG_BOSS, startQueues } from '../queues/queue-system.js';
import { inTurn, type Once } from './in-turn.js';
import { compare, figureOf, judge, say } from './judge.js';
import type { Row } from './row.js';
import { runBatch } from './run-batch.js';

const AT_A_TIME = 64;
const LATENCY_MS = 20;

/** Batches before those that are measured: in the first two of a process most of its code is still being compiled. */
const WARM_UPS = 2;

interface BatchRunner {
  readonly name: string;
  readonly once: () => Promise<Once>;
}

/** A batch of many lines before an upstream that limits how many calls there are at a time. */
export const batch: Row = {
  name: 'batch',
  title: 'A batch of 10,000 lines',
  async measure(bench) {
    const { batchLines: lines } = bench.scale;
    const idealSeconds = (Math.ceil(lines / AT_A_TIME) * LATENCY_MS) / 1_000;
    const penstock = await bench.penstock();
    const figuresOf = (seconds: number) => ({ seconds, toIdeal: seconds / idealSeconds });
    const own: BatchRunner = {
      name: 'Penstock, POST /v1/batches',
      async once() {
        const { httpUrl } = penstock.installation;
        const { seconds, uploadSeconds, failed } = await runBatch(
          httpUrl,
          penstock.key,
          `after-${LATENCY_MS}`,
          lines,
        );
        return { figures: { ...figuresOf(seconds), uploadSeconds }, failed };
      },
    };
    const queues = await startQueues(bench, [BULLMQ, GRAPHILE_LOCAL, PG_BOSS]);
    const url = `${bench.upstream.after(LATENCY_MS)}/v1/chat/completions`;
    const body = chatBody('bench', false);
    const others = queues.map(({ name, producer, worker }): BatchRunner => ({
      name,
      async once() {
        await producer.tell({ do: 'clear' });
        await worker.tell({ do: 'work', concurrency: AT_A_TIME, url, body });
        const startedAtMs = performance.now();
        await producer.tell({ do: 'addMany', count: lines, payload: body });
        await worker.tell({ do: 'await', done: lines });
        const seconds = (performance.now() - startedAtMs) / 1_000;
        await worker.tell({ do: 'rest' });
        return { figures: figuresOf(seconds) };
      },
    }));
    try {
      const at = `${LATENCY_MS} ms, ${AT_A_TIME} at a time`;
      const runners = [own, ...others];
      for (let before = 0; before < WARM_UPS; before++) {
        // One that cannot is left to the measurement to find out.
        for (const { once } of runners) await once().catch(() => undefined);
      }
      const cells = await inTurn(bench, at, runners, ({ once }) => once());
      const seconds = figureOf(cells, 'Penstock', at, 'seconds');
      const bull = figureOf(cells, 'BullMQ', at, 'seconds');
      const isWhole = lines === 10_000;
      return {
        about: `${lines.toLocaleString('en')} lines of 1 KB, an upstream of ${LATENCY_MS} ms, ${AT_A_TIME} calls at a time: ideal ${idealSeconds.toFixed(3)} s. From \`POST /v1/batches\` to
\`completed\`, with the output file written; the upload is done before, and the file's lines are checked while it lasts. The queues store the same jobs 500 at a time while their worker runs,
and end with the last job: they check nothing, and write no file. Each has done ${WARM_UPS} before, to be at its pace.`,
        columns: [
          { figure: 'seconds', title: 'Seconds', digits: 2 },
          { figure: 'toIdeal', title: '× ideal', digits: 2 },
          { figure: 'uploadSeconds', title: 'Upload before, seconds', digits: 2 },
        ],
        cells,
        verdicts: [
          judge(
            {
              work: '10,000-line batch, 20 ms upstream, limit 64 (ideal 3.125 s)',
              least: '≤ 3.74 s',
              aim: '≤ 3.28 s',
              measured: `${say(seconds)} s, BullMQ ${say(bull)} s`,
            },
            isWhole ? compare(seconds, '<=', 3.74) : undefined,
            isWhole ? compare(seconds, '<=', 3.28) : undefined,
          ),
        ],
        drawn: { figure: 'seconds', title: 'A batch, seconds' },
      };
    } finally {
      for (const queue of queues) await queue.stop();
    }
  },
};

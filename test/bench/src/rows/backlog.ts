import { openLanes } from '../queues/penstock-lanes.js';
import { comparedToFirst, COST_COLUMNS, costWhileWaiting, judgeGrowth, warmUpJobs } from './cost-per-job.js';
import { say } from './judge.js';
import type { Cell, Row } from './row.js';

/** What a job costs while many others wait. */
export const backlog: Row = {
  name: 'backlog',
  title: 'Cost of a job as the backlog grows',
  async measure(bench) {
    const penstock = await bench.startPenstock({});
    const lanes = await openLanes(penstock, bench.guard);
    const measured: Cell[] = [];
    const { backlogs } = bench.scale;
    try {
      await warmUpJobs(bench, penstock, lanes, backlogs[0]!);
      for (const waiting of backlogs) {
        const at = `${say(waiting, 0)} waiting`;
        measured.push(...(await costWhileWaiting(bench, penstock, lanes, { at, backlog: waiting })));
      }
    } finally {
      await lanes.close();
      await penstock.stop();
    }
    const cells = comparedToFirst(measured);
    return {
      about: `So many jobs of 1 KB wait in one lane, and each that is done is replaced at once, before an upstream of 20 ms with 64 calls at a
time. CPU over all processes of Penstock, per 1,000 jobs from their publish to their outcome. \`--million\` goes on to 1,000,000.`,
      columns: COST_COLUMNS,
      cells,
      verdicts: [
        judgeGrowth(
          `Cost per job as the backlog grows ${say(backlogs[0]!, 0)} → ${say(backlogs.at(-1)!, 0)}`,
          cells,
        ),
      ],
      drawn: { figure: 'cpuSecondsPerThousand', title: 'CPU-s per 1,000 jobs as the backlog grows' },
    };
  },
};

import { openLanes } from '../queues/penstock-lanes.js';
import { comparedToFirst, COST_COLUMNS, costWhileWaiting, judgeGrowth, warmUpJobs } from './cost-per-job.js';
import { say } from './judge.js';
import type { Cell, Row } from './row.js';

const EMPTY_WITHIN_SECONDS = 60;

/** What a job costs while many lanes have work. */
export const lanes: Row = {
  name: 'lanes',
  title: 'Cost of a job as the lanes grow',
  async measure(bench) {
    const { lanes: counts, laneBacklog } = bench.scale;
    const penstock = await bench.startPenstock({ lanes: Math.max(...counts) });
    const measured: Cell[] = [];
    try {
      for (const count of counts) {
        const opened = await openLanes(penstock, bench.guard, count);
        try {
          if (measured.length === 0) {
            await warmUpJobs(bench, penstock, opened, laneBacklog);
          }
          const at = count === 1 ? '1 lane' : `${say(count, 0)} lanes`;
          measured.push(
            ...(await costWhileWaiting(bench, penstock, opened, { at, backlog: laneBacklog, lanes: count })),
          );
          await opened.empty(EMPTY_WITHIN_SECONDS);
        } finally {
          await opened.close();
        }
      }
    } catch (error) {
      // What was measured before counts; the rest is named.
      bench.leaveOut(`more than ${measured.at(-1)?.at ?? 'no lane'}`, error);
    } finally {
      await penstock.stop();
    }
    const cells = comparedToFirst(measured);
    const whole = cells.length === counts.length;
    return {
      about: `${say(laneBacklog, 0)} jobs of 1 KB wait, spread evenly over so many tenants of the class standard, and each that is done is replaced in the
next lane, before an upstream of 20 ms with 64 calls at a time. Every tenant is in the configuration throughout.`,
      columns: COST_COLUMNS,
      cells,
      verdicts: [
        judgeGrowth(
          `Cost per job as lanes grow ${say(counts[0]!, 0)} → ${say(counts.at(-1)!, 0)}`,
          whole ? cells : [],
        ),
      ],
      drawn: { figure: 'cpuSecondsPerThousand', title: 'CPU-s per 1,000 jobs as the lanes grow' },
    };
  },
};

import { setTimeout as pause } from 'node:timers/promises';
import { chatBody } from '../gateways/gateway.js';
import type { Penstock } from '../gateways/start-penstock.js';
import { usageOf } from '../machine/process-usage.js';
import type { PenstockLanes } from '../queues/penstock-lanes.js';
import type { Workbench } from '../workbench.js';
import { inTurn } from './in-turn.js';
import { compare, judge, say } from './judge.js';
import type { Cell, Column, Verdict } from './row.js';

/** Each takes its time, and there are many conditions. */
const MOST_RUNS = 3;

/** Between two looks at how many jobs wait. */
const TOP_UP_EVERY_MS = 50;

/** The upstream takes 64 calls of 20 ms at a time: fewer than can be published, so that a backlog can stand. */
const payload = chatBody('after-20', false);

export const COST_COLUMNS: readonly Column[] = [
  { figure: 'cpuSecondsPerThousand', title: 'CPU-s per 1,000', digits: 3 },
  { figure: 'toFirst', title: '× the first', digits: 2 },
  { figure: 'perSecond', title: 'Jobs/s', digits: 0 },
  { figure: 'residentMiB', title: 'MiB', digits: 0 },
];

/** What a job costs, from its publish to its outcome, while so many others wait: each that is done is replaced. */
export async function costWhileWaiting(
  bench: Workbench,
  penstock: Penstock,
  lanes: PenstockLanes,
  /** `lanes` that must be read before it counts. */
  condition: { readonly at: string; readonly backlog: number; readonly lanes?: number },
): Promise<Cell[]> {
  const { at, backlog } = condition;
  const topUp = async () => {
    const missing = backlog - (await lanes.waiting());
    if (missing > 0) await lanes.producer.tell({ do: 'addMany', count: missing, payload });
    return missing;
  };
  const few = { ...bench, runs: Math.min(bench.runs, MOST_RUNS) };
  return inTurn(few, at, [penstock], async () => {
    while ((await topUp()) > backlog / 20);
    // Lanes that are still being opened are no part of what a job costs.
    while ((await lanes.tended()) < (condition.lanes ?? 0)) {
      await topUp();
      await pause(TOP_UP_EVERY_MS);
    }
    const before = {
      ...usageOf(penstock.pids()),
      ...(await bench.upstream.stats()),
      atMs: performance.now(),
    };
    const endAtMs = before.atMs + bench.scale.backlogSeconds * 1_000;
    while (performance.now() < endAtMs) {
      await topUp();
      await pause(TOP_UP_EVERY_MS);
    }
    const after = { ...usageOf(penstock.pids()), ...(await bench.upstream.stats()), atMs: performance.now() };
    const jobs = after.served - before.served;
    return {
      figures: {
        cpuSecondsPerThousand: ((after.cpuSeconds - before.cpuSeconds) / jobs) * 1_000,
        perSecond: (jobs / (after.atMs - before.atMs)) * 1_000,
        residentMiB: after.residentMiB,
      },
    };
  });
}

/** Brings Penstock to its pace, so that the first condition is not the dearest for being the first. */
export async function warmUpJobs(
  bench: Workbench,
  penstock: Penstock,
  lanes: PenstockLanes,
  backlog: number,
): Promise<void> {
  await costWhileWaiting({ ...bench, runs: 2 }, penstock, lanes, { at: 'warming up', backlog });
}

/** Adds to each cell how its cost compares with that of the first. */
export function comparedToFirst(cells: readonly Cell[]): Cell[] {
  const first = cells[0]?.figures['cpuSecondsPerThousand'] ?? NaN;
  return cells.map((cell) => ({
    ...cell,
    figures: { ...cell.figures, toFirst: cell.figures['cpuSecondsPerThousand']! / first },
  }));
}

/** The dearest condition counts, not only the last. */
export function judgeGrowth(work: string, cells: readonly Cell[]): Verdict {
  const most = cells.length === 0 ? NaN : Math.max(...cells.map(({ figures }) => figures['toFirst'] ?? NaN));
  return judge(
    { work, least: '≤ 1.5 ×', aim: '≤ 1.15 ×', measured: `${say(most)} ×` },
    compare(most, '<=', 1.5),
    compare(most, '<=', 1.15),
  );
}

import { setTimeout as pause } from 'node:timers/promises';
import { chatBody } from '../gateways/gateway.js';
import { usageOf } from '../machine/process-usage.js';
import { openLanes } from '../queues/penstock-lanes.js';
import {
  BULLMQ,
  BULLMQ_ALWAYS,
  GRAPHILE,
  GRAPHILE_LOCAL,
  PG_BOSS,
  startQueues,
} from '../queues/queue-system.js';
import type { Workbench } from '../workbench.js';
import { inTurn, type Once } from './in-turn.js';
import { compare, figureOf, judge, say } from './judge.js';
import type { Row } from './row.js';

const AT_A_TIME = 64;
const FILLED_WITHIN_MS = 60_000;

interface Drained {
  readonly name: string;
  pids(): readonly number[];
  /** Stores the jobs and has workers take them; they stop at the gate. */
  fill(jobs: number): Promise<unknown>;
  /** Resolves when every job has its outcome. */
  done(jobs: number): Promise<unknown>;
  rest(): Promise<unknown>;
}

/** Running a backlog of jobs that each call an upstream that answers at once. */
export const drain: Row = {
  name: 'drain',
  title: 'Draining a backlog, an upstream that answers at once',
  async measure(bench) {
    const payload = chatBody('gated', false);
    const penstock = await bench.startPenstock({});
    const lanes = await openLanes(penstock, bench.guard);
    const own: Drained = {
      name: 'Penstock',
      pids: penstock.pids,
      fill: (count) => lanes.producer.tell({ do: 'addMany', count, payload }),
      done: () => lanes.empty(120),
      rest: () => Promise.resolve(),
    };
    const kinds = [BULLMQ, BULLMQ_ALWAYS, PG_BOSS, GRAPHILE, GRAPHILE_LOCAL];
    const queues = await startQueues(bench, kinds);
    const url = `${bench.upstream.gated}/v1/chat/completions`;
    const others = queues.map(({ name, producer, worker, pids }): Drained => ({
      name,
      pids,
      async fill(count) {
        await producer.tell({ do: 'clear' });
        await producer.tell({ do: 'addMany', count, payload });
        await worker.tell({ do: 'work', concurrency: AT_A_TIME, url, body: payload });
      },
      done: (done) => worker.tell({ do: 'await', done }),
      rest: () => worker.tell({ do: 'rest' }),
    }));
    try {
      const at = `${AT_A_TIME} at a time`;
      const cells = await inTurn(bench, at, [own, ...others], (system) => drainOnce(bench, system));
      const of = (system: string) => figureOf(cells, system, at, 'perSecond');
      const bull = of('BullMQ');
      const graphile = figureOf(
        cells,
        queues.find(({ name }) => name.includes('local queue'))?.name ?? 'graphile-worker, local',
        at,
        'perSecond',
      );
      return {
        about: `${bench.scale.drainJobs.toLocaleString('en')} jobs of 1 KB wait, and ${AT_A_TIME} calls stand before an upstream that holds its answers; from the moment it
lets go until the last job is done. For Penstock done means that result, event and outcome are stored and the job is gone from
its lane; BullMQ counts when a job is settled, pg-boss and graphile-worker when its handler ends. One worker process each; CPU of worker and
store. A local queue of 500 means that a worker which dies leaves 500 jobs locked. Jobs go in before, 500 at a time.`,
        columns: [
          { figure: 'perSecond', title: 'Jobs/s', digits: 0 },
          { figure: 'cpuSecondsPerThousand', title: 'CPU-s per 1,000', digits: 3 },
        ],
        cells,
        verdicts: [
          judge(
            {
              work: 'Drain of jobs calling an instant upstream, jobs/s',
              least: "≥ BullMQ's",
              aim: '≥ graphile-worker with a local queue of 500',
              measured: `${say(of('Penstock'), 0)} = ${say(of('Penstock') / bull)} × BullMQ, ${say(of('Penstock') / graphile)} × graphile-worker`,
            },
            compare(of('Penstock'), '>=', bull),
            compare(of('Penstock'), '>=', graphile),
          ),
        ],
        drawn: { figure: 'perSecond', title: 'Draining a backlog, jobs a second' },
      };
    } finally {
      await bench.upstream.openGate();
      for (const queue of queues) await queue.stop();
      await lanes.close();
      await penstock.stop();
    }
  },
};

async function drainOnce(bench: Workbench, system: Drained): Promise<Once> {
  const { upstream, scale } = bench;
  await upstream.closeGate();
  try {
    await system.fill(scale.drainJobs);
    const giveUpAtMs = performance.now() + FILLED_WITHIN_MS;
    while ((await upstream.stats()).waiting < Math.min(AT_A_TIME, scale.drainJobs)) {
      if (performance.now() > giveUpAtMs) throw new Error('its workers did not come to the gate');
      await pause(20);
    }
    const before = usageOf(system.pids());
    const startedAtMs = performance.now();
    await upstream.openGate();
    await system.done(scale.drainJobs);
    const seconds = (performance.now() - startedAtMs) / 1_000;
    const cpuSeconds = usageOf(system.pids()).cpuSeconds - before.cpuSeconds;
    return {
      figures: {
        perSecond: scale.drainJobs / seconds,
        cpuSecondsPerThousand: (cpuSeconds / scale.drainJobs) * 1_000,
      },
    };
  } finally {
    await upstream.openGate();
    await system.rest();
  }
}

import { readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { chatBody } from '../gateways/gateway.js';
import type { Penstock } from '../gateways/start-penstock.js';
import { runLoad } from '../load/run-load.js';
import { usageOf, withChildren } from '../machine/process-usage.js';
import { openLanes } from '../queues/penstock-lanes.js';
import type { Workbench } from '../workbench.js';
import { judge, say } from './judge.js';
import type { Cell, Row } from './row.js';
import { runBatch } from './run-batch.js';
import { trendOf, troughs } from './trend.js';

/** Caches fill and code is compiled in the first part of the time: it does not count. */
const SETTLING_SHARE = 1 / 5;
const STRETCHES = 30;
const MOST_SAMPLES = 720;
/** Below this a growth is called chance. */
const SIGNIFICANCE = 0.01;
const SERVERS = ['nats-server', 'postgres'];

const CALLS = { connections: 8, latencyMs: 50, stream: false };
const STREAMS = { connections: 8, latencyMs: 50, stream: true };
const PUBLISHED = { jobs: 250, everyMs: 5_000 };
const BATCHES = { lines: 500, everyMs: 10_000 };

/** An hour of everything at once, at a load that leaves room: what grows then has no bound. */
export const soak: Row = {
  name: 'soak',
  title: 'Mixed load for a long time',
  async measure(bench) {
    const minutes = bench.scale.soakMinutes;
    const penstock = await bench.startPenstock({});
    const samples = new Map<string, number[]>();
    const handles: number[] = [];
    const endAtMs = performance.now() + minutes * 60_000;
    const sampleEveryMs = Math.max(500, (minutes * 60_000) / MOST_SAMPLES);
    const loads = loadAll(bench, penstock, endAtMs);
    // It is awaited at the end; a failure before then must not end the process.
    loads.catch(() => undefined);
    let failed = 0;
    try {
      while (performance.now() < endAtMs) {
        await pause(sampleEveryMs);
        sample(penstock, samples);
        handles.push(withChildren(penstock.nodePids()).reduce((sum, pid) => sum + openFiles(pid), 0));
      }
      failed = (await loads).reduce((a, b) => a + b, 0);
    } finally {
      await penstock.stop();
    }
    const settled = (values: readonly number[]) => values.slice(Math.floor(values.length * SETTLING_SHARE));
    const hours = (minutes / 60) * (1 - SETTLING_SHARE);
    const cellOf = (system: string, values: readonly number[]): Cell => {
      const lows = troughs(settled(values), STRETCHES);
      const { slopePerStep, p } = trendOf(lows);
      const figures = {
        first: lows[0] ?? NaN,
        last: lows.at(-1) ?? NaN,
        most: Math.max(...values),
        perHour: (slopePerStep * lows.length) / hours,
        p,
      };
      return { system, at: `${say(minutes, 1)} min`, figures, runs: 1, failed: 0 };
    };
    const services = [...samples.keys()].filter((name) => !SERVERS.includes(name));
    const total = sum(services.map((name) => samples.get(name)!));
    const whole = { ...cellOf('Node processes together, MiB', total), failed };
    const cells = [
      whole,
      ...[...samples].map(([name, values]) => cellOf(`${name}, MiB`, values)),
      cellOf('open files of the Node processes', handles),
    ];
    const { p = NaN, perHour = NaN } = whole.figures;
    const enough = minutes >= 30;
    return {
      about: `Sync calls and streams at 8 clients each before an upstream of 50 ms, ${PUBLISHED.jobs} published jobs every ${PUBLISHED.everyMs / 1_000} s, a batch of ${BATCHES.lines} lines every ${BATCHES.everyMs / 1_000} s.
The first fifth does not count. Of the rest the least memory of each of ${STRETCHES} stretches is taken, and tested for growth (Mann and Kendall;
slope by Theil and Sen): p is how likely figures without a trend would look like that; below ${SIGNIFICANCE} it is a trend.`,
      columns: [
        { figure: 'first', title: 'First stretch', digits: 0 },
        { figure: 'last', title: 'Last', digits: 0 },
        { figure: 'most', title: 'Most', digits: 0 },
        { figure: 'perHour', title: 'An hour', digits: 1 },
        { figure: 'p', title: 'p', digits: 3 },
      ],
      cells,
      verdicts: [
        judge(
          {
            work: 'One hour of mixed load: memory slope',
            least: 'none that a test for trend finds',
            aim: '',
            measured: `${say(perHour, 1)} MiB an hour, p = ${say(p, 3)}, in ${say(minutes, 1)} min`,
          },
          enough ? p >= SIGNIFICANCE : undefined,
          undefined,
        ),
      ],
      curves: {
        title: 'Memory under mixed load',
        unit: 'MiB',
        minutes,
        series: [
          { name: 'Node processes', values: total },
          ...SERVERS.flatMap((name) => (samples.has(name) ? [{ name, values: samples.get(name)! }] : [])),
        ],
      },
    };
  },
};

/** Everything at once until the end; resolves with how many answers of each kind were not good. */
function loadAll(bench: Workbench, penstock: Penstock, endAtMs: number): Promise<number[]> {
  const secondsLeft = () => Math.max(0, (endAtMs - performance.now()) / 1_000);
  const calls = async (load: typeof CALLS) => {
    const { url, headers, model } = penstock.target(load.latencyMs);
    const body = chatBody(model, load.stream);
    const { failed } = await runLoad({ ...load, url, headers, body, seconds: secondsLeft() });
    return failed;
  };
  const publishes = async () => {
    const lanes = await openLanes(penstock, bench.guard);
    const payload = chatBody('after-0', false);
    while (secondsLeft() > 0) {
      await lanes.producer.tell({ do: 'addMany', count: PUBLISHED.jobs, payload });
      await pause(Math.min(PUBLISHED.everyMs, secondsLeft() * 1_000));
    }
    await lanes.empty(60);
    await lanes.close();
    return 0;
  };
  const batches = async () => {
    const { httpUrl } = penstock.installation;
    let failed = 0;
    while (secondsLeft() > 0) {
      failed += (await runBatch(httpUrl, penstock.key, 'after-20', BATCHES.lines)).failed;
      await pause(Math.min(BATCHES.everyMs, secondsLeft() * 1_000));
    }
    return failed;
  };
  return Promise.all([calls(CALLS), calls(STREAMS), publishes(), batches()]);
}

function sample({ installation }: Penstock, samples: Map<string, number[]>): void {
  for (const name of [...Object.keys(installation.adminUrls), ...SERVERS]) {
    const pid = installation.process(name)?.pid;
    if (pid === undefined) continue;
    const values = samples.get(name) ?? [];
    samples.set(name, values);
    values.push(usageOf([pid]).residentMiB);
  }
}

function openFiles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

function sum(series: readonly (readonly number[])[]): number[] {
  return (series[0] ?? []).map((_, i) => series.reduce((total, values) => total + (values[i] ?? 0), 0));
}

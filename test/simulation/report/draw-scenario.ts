import { mkdirSync, writeFileSync } from 'node:fs';
import type { Measurements, Minute } from '../engine/measurements.js';
import type { Scenario } from '../scenarios/scenario.js';
import { timeChart, type Series } from './time-chart.js';
import { waitChart } from './wait-chart.js';

export interface Run {
  readonly policy: string;
  readonly measured: Measurements;
}

const DOCS = new URL('../../../docs/', import.meta.url);

/** Draws a scenario into docs/: waits under each policy, and what went on under Penstock's own. */
export function drawScenario(scenario: Scenario, runs: readonly Run[]): void {
  mkdirSync(DOCS, { recursive: true });
  const [own] = runs;
  if (!own) return;
  const groups = own.measured.groups.map((name) => ({
    name,
    bars: runs.map(({ measured }) => ({
      p50Ms: measured.waitQuantileMs(name, 0.5),
      p99Ms: measured.waitQuantileMs(name, 0.99),
    })),
  }));
  const policies = runs.map(({ policy }) => policy);
  save(`${scenario.name}-waits`, waitChart(`${scenario.title}: wait, p50 and p99`, policies, groups));
  save(
    `${scenario.name}-day`,
    timeChart(`${scenario.title}: ${own.policy}, by the minute`, panels(own.measured)),
  );
}

function panels({ minutes }: Measurements) {
  const deployments = Object.keys(minutes[0]?.busy ?? {});
  const capacity = deployments.map((id) => ({
    name: `Calls at a time, ${id}`,
    series: [
      series('provider takes', '#999', minutes, (minute) => minute.capacity[id]!),
      series('limit found', '#e0912f', minutes, (minute) =>
        Math.min(minute.limit[id]!, 2 * minute.capacity[id]!),
      ),
      series('at work', '#0b6bcb', minutes, (minute) => minute.busy[id]!),
    ].filter(({ name, values }) => name !== 'limit found' || isWorthDrawing(values, minutes, id)),
  }));
  const perMinute = (figure: (minute: Minute) => number) =>
    minutes.map((minute, i) => figure(minute) - (i > 0 ? figure(minutes[i - 1]!) : 0));
  const flow = {
    name: 'A minute',
    series: [
      { name: 'jobs done', colour: '#0b6bcb', values: perMinute(({ served }) => served) },
      {
        name: 'calls refused or failed',
        colour: '#c43d3d',
        values: perMinute((one) => one.refused + one.failed),
      },
    ],
  };
  const waiting = { name: 'Jobs waiting', series: [series('all', '#7a5aa8', minutes, (one) => one.waiting)] };
  return [...capacity, flow, waiting];
}

/** A limit that never moves only hides the line below it. */
function isWorthDrawing(values: readonly number[], minutes: readonly Minute[], id: string): boolean {
  return values.some((value, i) => value !== minutes[i]!.capacity[id]);
}

function series(
  name: string,
  colour: string,
  minutes: readonly Minute[],
  figure: (minute: Minute) => number,
): Series {
  return { name, colour, values: minutes.map(figure) };
}

function save(name: string, svg: string): void {
  writeFileSync(new URL(`scheduling-${name}.svg`, DOCS), svg);
}

import { duration } from './format.js';
import { COLOURS, element, legend, line, picture, text, WIDTH } from '../../charts/svg.js';

export interface WaitBar {
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

const LEFT = 150;
const RIGHT = 70;
const BAR = 13;
const TOP = 78;

/** From a hundredth of a second to a day, a step for each factor of ten. */
const LEAST_MS = 10;
const MOST_MS = 86_400_000;

/** Waits as bars on a logarithmic axis: a bar ends at p99, and its dark mark is p50. */
export function waitChart(
  title: string,
  policies: readonly string[],
  groups: readonly { readonly name: string; readonly bars: readonly WaitBar[] }[],
): string {
  const groupHeight = policies.length * BAR + 14;
  const bottom = TOP + groups.length * groupHeight;
  const axis = [10, 100, 1_000, 10_000, 60_000, 600_000, 3_600_000, 36_000_000].flatMap((ms) => [
    line(place(ms), TOP - 8, place(ms), bottom),
    text(place(ms), bottom + 16, duration(ms), { 'text-anchor': 'middle', fill: '#666' }),
  ]);
  const bars = groups.flatMap(({ name, bars: of }, n) => {
    const y = TOP + n * groupHeight;
    return [
      text(LEFT - 10, y + (policies.length * BAR) / 2 + 3, name, { 'text-anchor': 'end' }),
      ...of.flatMap((bar, i) => drawBar(bar, y + i * BAR, COLOURS[i % COLOURS.length]!)),
    ];
  });
  const key = legend(
    LEFT,
    54,
    policies.map((policy, i) => ({ name: policy, colour: COLOURS[i % COLOURS.length]! })),
  );
  return picture(bottom + 30, title, [key, ...axis, ...bars]);
}

function drawBar({ p50Ms, p99Ms }: WaitBar, y: number, fill: string): string[] {
  if (p50Ms === undefined || p99Ms === undefined) return [];
  const end = place(p99Ms);
  return [
    element('rect', { x: LEFT, y, width: Math.max(1, end - LEFT), height: BAR - 2, fill }),
    element('rect', { x: place(p50Ms) - 1.5, y, width: 3, height: BAR - 2, fill: '#111' }),
    text(end + 6, y + BAR - 4, duration(p99Ms), { 'font-size': 10, fill: '#444' }),
  ];
}

function place(ms: number): number {
  const within = Math.min(MOST_MS, Math.max(LEAST_MS, ms));
  return LEFT + (Math.log(within / LEAST_MS) / Math.log(MOST_MS / LEAST_MS)) * (WIDTH - LEFT - RIGHT);
}

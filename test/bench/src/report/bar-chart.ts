import { COLOURS, element, legend, line, picture, text, WIDTH } from '../../../charts/svg.js';
import { say } from '../rows/judge.js';
import type { Cell } from '../rows/row.js';

const LEFT = 110;
const RIGHT = 80;
const BAR = 15;
const TOP = 78;

/** Penstock first, then as many as come: grey means "only to compare with". */
const MORE = ['#3f8f5b', '#c43d3d', '#8a6d3b', '#5b8aa8'] as const;
const ALL = [...COLOURS, ...MORE];

/** One figure of every system, grouped by the condition it was measured under. */
export function barChart(title: string, cells: readonly Cell[], figure: string): string {
  const systems = [...new Set(cells.map(({ system }) => system))];
  const groups = [...new Set(cells.map(({ at }) => at))];
  const most = Math.max(...cells.map(({ figures }) => figures[figure] || 0));
  const x = (value: number) => LEFT + (Math.max(0, value) / (most || 1)) * (WIDTH - LEFT - RIGHT);
  let y = TOP;
  const parts: string[] = [];
  for (const at of groups) {
    const bars = systems.flatMap((system, i) => {
      const cell = cells.find((one) => one.at === at && one.system === system);
      return cell ? [{ value: cell.figures[figure] ?? NaN, colour: ALL[i % ALL.length]! }] : [];
    });
    parts.push(text(LEFT - 10, y + (bars.length * BAR) / 2 + 3, at, { 'text-anchor': 'end' }));
    for (const { value, colour } of bars) {
      const end = x(Number.isNaN(value) ? 0 : value);
      parts.push(
        element('rect', { x: LEFT, y, width: Math.max(1, end - LEFT), height: BAR - 2, fill: colour }),
      );
      parts.push(text(end + 6, y + BAR - 4, say(value), { 'font-size': 10, fill: '#444' }));
      y += BAR;
    }
    y += 14;
  }
  const entries = systems.map((name, i) => ({ name, colour: ALL[i % ALL.length]! }));
  const half = Math.ceil(entries.length / 2);
  const keys = [legend(20, 48, entries.slice(0, half)), legend(20, 66, entries.slice(half))];
  return picture(y + 4, title, [...keys, line(LEFT, TOP - 4, LEFT, y - 10), ...parts]);
}

import { COLOURS, element, legend, line, picture, text, WIDTH } from '../../../charts/svg.js';
import { say } from '../rows/judge.js';
import type { Measured } from '../rows/row.js';

const LEFT = 60;
const RIGHT = 20;
const TOP = 78;
const HEIGHT = 240;

/** Figures over minutes, all on one axis that begins at 0. */
export function lineChart({ title, unit, minutes, series }: NonNullable<Measured['curves']>): string {
  const most = Math.max(1, ...series.flatMap(({ values }) => values)) * 1.05;
  const y = (value: number) => TOP + HEIGHT - (value / most) * HEIGHT;
  const x = (part: number) => LEFT + part * (WIDTH - LEFT - RIGHT);
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((part) => [
    line(LEFT, y(part * most), WIDTH - RIGHT, y(part * most)),
    text(LEFT - 8, y(part * most) + 4, say(part * most, 0), { 'text-anchor': 'end', fill: '#666' }),
    text(x(part), TOP + HEIGHT + 17, `${say(part * minutes, 1)} min`, {
      'text-anchor': part === 1 ? 'end' : 'middle',
      fill: '#666',
    }),
  ]);
  const curves = series.map(({ values }, n) =>
    element('path', {
      d: values
        .map((value, i) => {
          const at = `${x(i / Math.max(1, values.length - 1)).toFixed(1)} ${y(value).toFixed(1)}`;
          return `${i === 0 ? 'M' : 'L'}${at}`;
        })
        .join(''),
      fill: 'none',
      stroke: COLOURS[n % COLOURS.length]!,
      'stroke-width': 1.4,
      'stroke-linejoin': 'round',
    }),
  );
  const key = legend(
    LEFT,
    54,
    series.map(({ name }, n) => ({ name: `${name}, ${unit}`, colour: COLOURS[n % COLOURS.length]! })),
  );
  return picture(TOP + HEIGHT + 34, title, [key, ...grid, ...curves]);
}
